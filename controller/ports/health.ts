/** What to look at; absent parts do not exist yet. */
export interface HealthTargets {
  readonly targetGroupArn?: string;
  readonly databaseIdentifier?: string;
  readonly cacheReplicationGroupId?: string;
  readonly fileSystemId?: string;
}

/** What the services themselves say, in their own words. */
export interface HealthFacts {
  /** DescribeTargetHealth; absent when there is no target group yet. */
  readonly targets?: readonly { readonly id: string; readonly state: string; readonly reason?: string }[];
  /** DBInstanceStatus; `missing` when the named instance does not exist. */
  readonly databaseStatus?: string;
  /** Status of the replication group; `missing` likewise. */
  readonly cacheStatus?: string;
  /** Mount targets of the file system. */
  readonly mountTargets?: readonly { readonly availabilityZone: string; readonly state: string }[];
}

/** Read-only look at load balancer, database, cache and file system, all at once. */
export interface HealthReader {
  read(targets: HealthTargets): Promise<HealthFacts>;
}
