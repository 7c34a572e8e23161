import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { controllerOutputs } from '../../desired-state/rendered.ts';
import type { DataInputs } from './data.ts';
import type { LayerStack } from './layer-stack.ts';
import { snapshot } from './protection.ts';
import { addGeneratedSecret, passwordOf } from './secrets.ts';
import { nameTag } from './tags.ts';

/** Engine version of the cache: a change is in place and is ours to release, so it is no field of the document. */
const engineVersion = '8.1';

/**
 * Sessions, locks and cache: Valkey with TLS and a token, cluster mode off, because Nextcloud speaks to one primary endpoint. From two nodes on
 * it fails over by itself, in another zone.
 */
export function addCache(stack: LayerStack, inputs: DataInputs): CfnReplicationGroup {
  const { site } = stack;
  const replicated = site.cache.nodes > 1;
  // ElastiCache's only user without access lists is `default`.
  const secret = addGeneratedSecret(stack, 'CacheSecret', 'default', `Cache token of the Nextcloud site ${site.name}`);
  const subnetGroup = new CfnSubnetGroup(stack, 'CacheSubnetGroup', {
    description: `Private subnets of the Nextcloud site ${site.name}`,
    subnetIds: [...inputs.privateSubnets],
  });
  const cache = new CfnReplicationGroup(stack, 'Cache', {
    replicationGroupDescription: `Sessions, locks and cache of the Nextcloud site ${site.name}`,
    engine: 'valkey',
    engineVersion,
    cacheNodeType: site.cache.nodeType,
    numCacheClusters: site.cache.nodes,
    automaticFailoverEnabled: replicated,
    multiAzEnabled: replicated,
    clusterMode: 'disabled',
    port: 6379,
    transitEncryptionEnabled: true,
    transitEncryptionMode: 'required',
    atRestEncryptionEnabled: true,
    authToken: passwordOf(secret),
    cacheSubnetGroupName: subnetGroup.ref,
    securityGroupIds: [inputs.cacheSecurityGroup],
    snapshotRetentionLimit: 1,
    snapshotWindow: '01:00-02:00',
    tags: nameTag(site, 'cache'),
  });
  snapshot(cache);

  stack.output(controllerOutputs.cacheReplicationGroupId, cache.ref, 'Id of the cache');
  stack.output('CacheAddress', cache.attrPrimaryEndPointAddress, "Host name of the cache's primary");
  stack.output('CachePort', cache.attrPrimaryEndPointPort, 'Port of the cache');
  stack.output('CacheSecretArn', secret.ref, "Secret with the cache's token");
  return cache;
}
