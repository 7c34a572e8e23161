import { DescribeMountTargetsCommand, type EFSClient } from '@aws-sdk/client-efs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeReplicationGroupsCommand, type ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { DescribeDBInstancesCommand, type RDSClient } from '@aws-sdk/client-rds';
import type { HealthFacts, HealthReader } from '../ports/health.ts';
import { defined } from './defined.ts';
import { answered, isCode } from './transient.ts';

/** One client a service that is asked. */
export interface HealthClients {
  readonly loadBalancing: Pick<ElasticLoadBalancingV2Client, 'send'>;
  readonly databases: Pick<RDSClient, 'send'>;
  readonly caches: Pick<ElastiCacheClient, 'send'>;
  readonly fileSystems: Pick<EFSClient, 'send'>;
}

/** Load balancer, database, cache and file system through the SDK: up to four reads, all at once. */
export function healthReader(clients: HealthClients): HealthReader {
  return {
    read: async ({ targetGroupArn, databaseIdentifier, cacheReplicationGroupId, fileSystemId }) => {
      const [targets, databaseStatus, cacheStatus, mountTargets] = await Promise.all([
        when(targetGroupArn, (arn) => targetHealth(clients.loadBalancing, arn)),
        when(databaseIdentifier, (id) => databaseState(clients.databases, id)),
        when(cacheReplicationGroupId, (id) => cacheState(clients.caches, id)),
        when(fileSystemId, (id) => mountTargetStates(clients.fileSystems, id)),
      ]);
      return defined({ targets, databaseStatus, cacheStatus, mountTargets });
    },
  };
}

async function when<T>(id: string | undefined, read: (id: string) => Promise<T>): Promise<T | undefined> {
  return id === undefined ? undefined : read(id);
}

/** The answer, or `missing` when the service says that there is no such thing. */
async function unlessMissing<T>(read: Promise<T>, code: string, missing: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (isCode(error, code)) return missing;
    throw error;
  }
}

type Targets = NonNullable<HealthFacts['targets']>;
type MountTargets = NonNullable<HealthFacts['mountTargets']>;

async function targetHealth(client: HealthClients['loadBalancing'], arn: string): Promise<Targets> {
  const call = client.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
  const read = answered(`DescribeTargetHealth ${arn}`, call).then(({ TargetHealthDescriptions }) =>
    (TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
      id: Target?.Id ?? '',
      state: TargetHealth?.State ?? '',
      ...defined({ reason: TargetHealth?.Reason }),
    })),
  );
  return unlessMissing<Targets>(read, 'TargetGroupNotFound', []);
}

async function databaseState(client: HealthClients['databases'], id: string): Promise<string> {
  const call = client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  const read = answered(`DescribeDBInstances ${id}`, call).then(
    ({ DBInstances }) => DBInstances?.[0]?.DBInstanceStatus ?? 'missing',
  );
  return unlessMissing(read, 'DBInstanceNotFound', 'missing');
}

async function cacheState(client: HealthClients['caches'], id: string): Promise<string> {
  const call = client.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }));
  const read = answered(`DescribeReplicationGroups ${id}`, call).then(
    ({ ReplicationGroups }) => ReplicationGroups?.[0]?.Status ?? 'missing',
  );
  return unlessMissing(read, 'ReplicationGroupNotFound', 'missing');
}

async function mountTargetStates(client: HealthClients['fileSystems'], id: string): Promise<MountTargets> {
  const call = client.send(new DescribeMountTargetsCommand({ FileSystemId: id }));
  const read = answered(`DescribeMountTargets ${id}`, call).then(({ MountTargets }) =>
    (MountTargets ?? []).map(({ AvailabilityZoneName, LifeCycleState }) => ({
      availabilityZone: AvailabilityZoneName ?? '',
      state: LifeCycleState ?? '',
    })),
  );
  return unlessMissing<MountTargets>(read, 'FileSystemNotFound', []);
}
