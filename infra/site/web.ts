import type { App } from 'aws-cdk-lib/core';
import type { Site } from '../../desired-state/site.ts';
import { addDashboard } from './dashboard.ts';
import { addDnsRecords } from './dns-records.ts';
import { addGroup } from './group.ts';
import { addInstanceRole } from './instance-role.ts';
import { addLaunchTemplate } from './launch-template.ts';
import { LayerStack } from './layer-stack.ts';
import { addLoadBalancer } from './load-balancer.ts';
import { privateSubnetsFor, publicSubnetsFor } from './network-inputs.ts';
import { addNodeLogGroups } from './node-log-groups.ts';
import { addNodeParameters } from './node-parameters.ts';
import { addWebAlarms } from './web-alarms.ts';

/** What the web layer takes from the network and data layers; each is the Ref of a parameter. */
export interface WebInputs {
  readonly vpcId: string;
  readonly publicSubnets: readonly string[];
  readonly privateSubnets: readonly string[];
  readonly loadBalancerSecurityGroup: string;
  readonly instanceSecurityGroup: string;
  readonly databaseIdentifier: string;
  readonly databaseAddress: string;
  readonly databasePort: string;
  readonly databaseSecretArn: string;
  readonly cacheReplicationGroupId: string;
  readonly cacheAddress: string;
  readonly cachePort: string;
  readonly cacheSecretArn: string;
  readonly installationSecretArn: string;
  readonly fileSystemId: string;
  readonly fileSystemArn: string;
  readonly accessPointId: string;
  readonly accessPointArn: string;
  readonly siteBucketName: string;
  readonly alarmTopicArn: string;
}

/** The web layer: load balancer, nodes with their role and configuration, records, logs, alarms, dashboard. */
export function webLayer(app: App, site: Site): LayerStack {
  const stack = new LayerStack(app, site, 'web', `Web tier of the Nextcloud site ${site.name}`);
  const inputs = webInputs(stack);
  const logGroups = addNodeLogGroups(stack);
  const parameters = addNodeParameters(stack, inputs, logGroups);
  const node = addInstanceRole(stack, inputs, logGroups);
  const loadBalancer = addLoadBalancer(stack, inputs);
  const launchTemplate = addLaunchTemplate(stack, inputs, node.profile);
  const group = addGroup(stack, inputs, {
    launchTemplate,
    targetGroup: loadBalancer.targetGroup,
    // A node that boots before one of these exists fails, or waits for what nobody sends.
    after: [loadBalancer.httpsListener, node.role, ...parameters.all],
  });
  addDnsRecords(stack, loadBalancer.loadBalancer);
  addWebAlarms(stack, inputs, loadBalancer, group);
  addDashboard(stack, inputs, loadBalancer, group);
  return stack;
}

function webInputs(stack: LayerStack): WebInputs {
  const network = (output: string, description: string) => stack.fromOutput('network', output, description);
  const data = (output: string, description: string) => stack.fromOutput('data', output, description);
  return {
    vpcId: network('VpcId', 'Id of the VPC'),
    publicSubnets: publicSubnetsFor(stack),
    privateSubnets: privateSubnetsFor(stack),
    loadBalancerSecurityGroup: network('LoadBalancerSecurityGroupId', "Id of the load balancer's security group"),
    instanceSecurityGroup: network('InstanceSecurityGroupId', "Id of the nodes' security group"),
    databaseIdentifier: data('DatabaseIdentifier', 'Identifier of the database'),
    databaseAddress: data('DatabaseAddress', 'Host name of the database'),
    databasePort: data('DatabasePort', 'Port of the database'),
    databaseSecretArn: data('DatabaseApplicationSecretArn', "Secret of Nextcloud's own database user"),
    cacheReplicationGroupId: data('CacheReplicationGroupId', 'Id of the cache'),
    cacheAddress: data('CacheAddress', "Host name of the cache's primary"),
    cachePort: data('CachePort', 'Port of the cache'),
    cacheSecretArn: data('CacheSecretArn', "Secret with the cache's token"),
    installationSecretArn: data('InstallationSecretArn', "Secret of Nextcloud's installation"),
    fileSystemId: data('FileSystemId', 'Id of the file system'),
    fileSystemArn: data('FileSystemArn', 'ARN of the file system'),
    accessPointId: data('AccessPointId', 'Id of the access point'),
    accessPointArn: data('AccessPointArn', 'ARN of the access point'),
    siteBucketName: data('SiteBucketName', "Name of the site's bucket"),
    alarmTopicArn: data('AlarmTopicArn', "Topic of the site's alarms"),
  };
}
