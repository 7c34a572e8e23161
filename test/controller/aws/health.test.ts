import { DescribeMountTargetsCommand, EFSClient, FileSystemNotFound } from '@aws-sdk/client-efs';
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  TargetGroupNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  ReplicationGroupNotFoundFault,
} from '@aws-sdk/client-elasticache';
import { DBInstanceNotFoundFault, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { healthReader } from '../../../controller/aws/health.ts';
import { TransientError } from '../../../controller/ports/errors.ts';

const loadBalancing = mockClient(ElasticLoadBalancingV2Client);
const databases = mockClient(RDSClient);
const caches = mockClient(ElastiCacheClient);
const fileSystems = mockClient(EFSClient);
const reader = healthReader({
  loadBalancing: new ElasticLoadBalancingV2Client(),
  databases: new RDSClient(),
  caches: new ElastiCacheClient(),
  fileSystems: new EFSClient(),
});
const everything = {
  targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/web/1',
  databaseIdentifier: 'database',
  cacheReplicationGroupId: 'cache',
  fileSystemId: 'fs-1',
};

beforeEach(() => {
  for (const client of [loadBalancing, databases, caches, fileSystems]) client.reset();
});

it('gives the words of the services', async () => {
  loadBalancing.on(DescribeTargetHealthCommand).resolves({
    TargetHealthDescriptions: [
      { Target: { Id: 'i-1' }, TargetHealth: { State: 'healthy' } },
      { Target: { Id: 'i-2' }, TargetHealth: { State: 'unhealthy', Reason: 'Target.FailedHealthChecks' } },
    ],
  });
  databases.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{ DBInstanceStatus: 'backing-up' }] });
  caches.on(DescribeReplicationGroupsCommand).resolves({ ReplicationGroups: [{ Status: 'available' }] });
  fileSystems.on(DescribeMountTargetsCommand).resolves({
    MountTargets: [
      {
        MountTargetId: 'fsmt-1',
        FileSystemId: 'fs-1',
        SubnetId: 'subnet-1',
        LifeCycleState: 'available',
        AvailabilityZoneName: 'eu-west-3a',
      },
    ],
  });
  expect(await reader.read(everything)).toEqual({
    targets: [
      { id: 'i-1', state: 'healthy' },
      { id: 'i-2', state: 'unhealthy', reason: 'Target.FailedHealthChecks' },
    ],
    databaseStatus: 'backing-up',
    cacheStatus: 'available',
    mountTargets: [{ availabilityZone: 'eu-west-3a', state: 'available' }],
  });
});

it('asks nobody about what does not exist yet', async () => {
  expect(await reader.read({})).toEqual({});
  for (const client of [loadBalancing, databases, caches, fileSystems]) expect(client.calls()).toHaveLength(0);
});

it('says that a named thing is missing', async () => {
  const gone = { message: 'not found', $metadata: { httpStatusCode: 404 } };
  loadBalancing.on(DescribeTargetHealthCommand).rejects(new TargetGroupNotFoundException(gone));
  databases.on(DescribeDBInstancesCommand).rejects(new DBInstanceNotFoundFault(gone));
  caches.on(DescribeReplicationGroupsCommand).rejects(new ReplicationGroupNotFoundFault(gone));
  fileSystems.on(DescribeMountTargetsCommand).rejects(new FileSystemNotFound({ ...gone, ErrorCode: 'x' }));
  expect(await reader.read(everything)).toEqual({
    targets: [],
    databaseStatus: 'missing',
    cacheStatus: 'missing',
    mountTargets: [],
  });
});

it('takes throttling for throttling, not for an unhealthy site', async () => {
  const throttled = Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });
  databases.on(DescribeDBInstancesCommand).rejects(throttled);
  await expect(reader.read({ databaseIdentifier: 'database' })).rejects.toThrow(TransientError);
});
