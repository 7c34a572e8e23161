import type { CfnFileSystem } from 'aws-cdk-lib/aws-efs';
import type { CfnReplicationGroup } from 'aws-cdk-lib/aws-elasticache';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Fn } from 'aws-cdk-lib/core';
import { databaseMemoryBytes, defaultMaxConnections } from '../../desired-state/database-memory.ts';
import { type AlarmSpec, addAlarm } from './alarm.ts';
import type { LayerStack } from './layer-stack.ts';

const gib = 2 ** 30;
const common = { periodSeconds: 300, periods: 3, missingData: 'missing' } as const;

/** Alarms on the database, the file system and the cache. None depends on the scale: a change of scale touches no stack. */
export function addDataAlarms(
  stack: LayerStack,
  topicArn: string,
  resources: {
    readonly database: CfnDBInstance;
    readonly fileSystem: CfnFileSystem;
    readonly cache: CfnReplicationGroup;
  },
): void {
  const alarms = [
    ...databaseAlarms(stack, resources.database),
    ...fileSystemAlarms(stack, resources.fileSystem),
    ...cacheAlarms(stack, resources.cache),
  ];
  for (const alarm of alarms) addAlarm(stack, topicArn, alarm);
}

function databaseAlarms(stack: LayerStack, database: CfnDBInstance): AlarmSpec[] {
  const { instanceClass } = stack.site.database;
  const base = { ...common, namespace: 'AWS/RDS', dimensions: { DBInstanceIdentifier: database.ref } };
  return [
    {
      ...base,
      id: 'DatabaseCpuAlarm',
      description: 'the database has been busy for 15 minutes; look for slow queries, or choose a larger class',
      metric: 'CPUUtilization',
      statistic: 'Average',
      comparison: 'GreaterThanThreshold',
      threshold: 85,
    },
    {
      ...base,
      id: 'DatabaseStorageAlarm',
      description: 'less than a tenth of the database storage is free; raise database.storageGib',
      metric: 'FreeStorageSpace',
      statistic: 'Minimum',
      comparison: 'LessThanThreshold',
      threshold: Math.round(stack.site.database.storageGib * gib * 0.1),
    },
    {
      ...base,
      id: 'DatabaseMemoryAlarm',
      description: 'the database has almost no memory left; look at its connections, or choose a larger class',
      metric: 'FreeableMemory',
      statistic: 'Minimum',
      comparison: 'LessThanThreshold',
      threshold: Math.round((databaseMemoryBytes(instanceClass) ?? 2 * gib) / 20),
    },
    ...connectionsAlarm(base, defaultMaxConnections(instanceClass)),
  ];
}

/** None for a class whose limit we do not know. */
function connectionsAlarm(
  base: Pick<AlarmSpec, 'namespace' | 'dimensions' | 'periodSeconds' | 'periods' | 'missingData'>,
  maxConnections: number | undefined,
): AlarmSpec[] {
  if (maxConnections === undefined) return [];
  return [
    {
      ...base,
      id: 'DatabaseConnectionsAlarm',
      description:
        'the database is near its limit of connections; look for clients that keep them, or choose a larger class',
      metric: 'DatabaseConnections',
      statistic: 'Maximum',
      comparison: 'GreaterThanThreshold',
      threshold: Math.floor(maxConnections * 0.8),
    },
  ];
}

function fileSystemAlarms(stack: LayerStack, fileSystem: CfnFileSystem): AlarmSpec[] {
  const base = { ...common, namespace: 'AWS/EFS', dimensions: { FileSystemId: fileSystem.ref } };
  const limit: AlarmSpec = {
    ...base,
    id: 'FileSystemLimitAlarm',
    description: 'the file system is near its limit of operations; look for preview storms and scans',
    metric: 'PercentIOLimit',
    statistic: 'Average',
    comparison: 'GreaterThanThreshold',
    threshold: 90,
  };
  if (stack.site.storage.throughputMode !== 'bursting') return [limit];
  return [
    limit,
    {
      ...base,
      id: 'FileSystemBurstAlarm',
      description: 'the file system has used up its burst credits; set storage.throughputMode to elastic',
      metric: 'BurstCreditBalance',
      statistic: 'Minimum',
      comparison: 'LessThanThreshold',
      threshold: 192 * gib,
    },
  ];
}

function cacheAlarms(stack: LayerStack, cache: CfnReplicationGroup): AlarmSpec[] {
  // ElastiCache names a group's nodes <group>-001 and on, and knows no metric of the whole group in the API's own terms.
  return Array.from({ length: stack.site.cache.nodes }, (_, index) => ({
    ...common,
    id: `CacheMemoryAlarm${index + 1}`,
    description: `cache node ${index + 1} is almost full; choose a larger cache.nodeType`,
    namespace: 'AWS/ElastiCache',
    metric: 'DatabaseMemoryUsagePercentage',
    dimensions: { CacheClusterId: Fn.join('', [cache.ref, `-${String(index + 1).padStart(3, '0')}`]) },
    statistic: 'Average',
    comparison: 'GreaterThanThreshold',
    threshold: 85,
  }));
}
