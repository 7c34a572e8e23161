import { CfnParameter as CfnSsmParameter } from 'aws-cdk-lib/aws-ssm';
import { subnetsOf } from '../../desired-state/subnets.ts';
import { cloudWatchAgentConfiguration } from '../../instance/cloudwatch-agent.ts';
import { nodeMetricsNamespace, parameterPrefix } from '../names.ts';
import type { LayerStack } from './layer-stack.ts';
import type { NodeLogGroups } from './node-log-groups.ts';
import type { WebInputs } from './web.ts';

/** The parameters that a node reads at boot. */
export interface NodeParameters {
  readonly all: readonly CfnSsmParameter[];
}

/** Names of a site's parameters. */
export function nodeParameterNames(siteName: string): { readonly node: string; readonly agent: string } {
  const prefix = `${parameterPrefix}/${siteName}`;
  return { node: `${prefix}/node`, agent: `${prefix}/cloudwatch-agent` };
}

/** Below this prefix of the site's bucket nodes read and write. */
export const nodeBucketPrefix = 'nodes/';

/**
 * The node's configuration and its CloudWatch agent's. Secrets are in it by ARN only. What belongs to AWS (endpoints, ids) stands here and not
 * in the user data, so that the launch template's text depends on the document alone.
 */
export function addNodeParameters(stack: LayerStack, inputs: WebInputs, logGroups: NodeLogGroups): NodeParameters {
  const names = nodeParameterNames(stack.site.name);
  const parameter = (id: string, name: string, description: string, value: unknown) =>
    new CfnSsmParameter(stack, id, {
      name,
      description,
      type: 'String',
      // The value may outgrow 4 kB with the document's own settings; then, and only then, it is charged for.
      tier: 'Intelligent-Tiering',
      value: stack.toJsonString(value),
    });
  return {
    all: [
      parameter(
        'NodeParameter',
        names.node,
        'What a node needs to write its configuration',
        nodeConfiguration(stack, inputs),
      ),
      parameter(
        'AgentParameter',
        names.agent,
        'Configuration of the CloudWatch agent',
        cloudWatchAgentConfiguration({
          site: stack.site.name,
          namespace: nodeMetricsNamespace,
          systemLogGroup: logGroups.system.ref,
          webLogGroup: logGroups.web.ref,
          nextcloudLogGroup: logGroups.nextcloud.ref,
        }),
      ),
    ],
  };
}

function nodeConfiguration(stack: LayerStack, inputs: WebInputs) {
  const { site } = stack;
  return {
    site: site.name,
    host: site.dns.host,
    // The load balancer's own addresses: nobody else is believed about a client's address.
    trustedProxies: subnetsOf(site.network).public,
    database: {
      host: inputs.databaseAddress,
      port: inputs.databasePort,
      name: site.database.name,
      secretArn: inputs.databaseSecretArn,
    },
    cache: { host: inputs.cacheAddress, port: inputs.cachePort, secretArn: inputs.cacheSecretArn },
    fileSystem: { id: inputs.fileSystemId, accessPointId: inputs.accessPointId },
    installationSecretArn: inputs.installationSecretArn,
    bucket: { name: inputs.siteBucketName, prefix: nodeBucketPrefix },
    nextcloud: {
      version: site.nextcloud.version,
      apps: site.nextcloud.apps,
      config: site.nextcloud.config,
      cronProcesses: site.nextcloud.cron.processes,
    },
  };
}
