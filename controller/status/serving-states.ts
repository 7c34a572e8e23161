/**
 * The states in which a service goes on serving, by its own page: nightly backups, snapshots and changes in place are no fault of a
 * site. Every other state is one, a new word of AWS's too.
 */
export const servingStates = {
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status
  database: new Set([
    'available',
    'backing-up',
    'configuring-enhanced-monitoring',
    'configuring-iam-database-auth',
    'configuring-log-exports',
    'modifying',
    'storage-config-upgrade',
    'storage-initialization',
    'storage-optimization',
  ]),
  // https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
  cache: new Set(['available', 'modifying', 'snapshotting']),
} as const;
