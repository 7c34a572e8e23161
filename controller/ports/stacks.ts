/** Every state that CloudFormation gives a stack: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
export const stackStatuses = [
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'CREATE_COMPLETE',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_FAILED',
  'ROLLBACK_COMPLETE',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
  'DELETE_COMPLETE',
  'UPDATE_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'REVIEW_IN_PROGRESS',
  'IMPORT_IN_PROGRESS',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_IN_PROGRESS',
  'IMPORT_ROLLBACK_FAILED',
  'IMPORT_ROLLBACK_COMPLETE',
] as const;

export type StackStatus = (typeof stackStatuses)[number];

/** What DescribeStacks says. A deleted stack is absent. */
export type StackState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present';
      readonly stackId: string;
      readonly status: StackStatus;
      readonly statusReason?: string;
      /** ARN of the change set that was executed last. */
      readonly changeSetId?: string;
      /** ISO 8601; absent until the first update. */
      readonly lastUpdatedAt?: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly outputs: Readonly<Record<string, string>>;
      readonly terminationProtection: boolean;
    };

/** One property or attribute of a change, as DescribeChangeSet tells it (IncludePropertyValues). */
export interface ChangeDetail {
  readonly attribute: string;
  readonly name?: string;
  readonly path?: string;
  readonly requiresRecreation?: 'Never' | 'Conditionally' | 'Always';
  readonly evaluation?: 'Static' | 'Dynamic';
  readonly changeSource?: string;
  readonly causingEntity?: string;
  readonly beforeValue?: string;
  readonly afterValue?: string;
}

/** One resource of a change set. */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import' | 'Dynamic' | 'SyncWithActual';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly resourceType: string;
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly policyAction?: string;
  readonly scope: readonly string[];
  readonly details: readonly ChangeDetail[];
}

/** A change set as found by name or ARN. `absent` covers a stack that does not exist too. */
export type ChangeSetState =
  | { readonly kind: 'absent' }
  /** CREATE_PENDING or CREATE_IN_PROGRESS: AWS sends no event, look again after seconds. */
  | { readonly kind: 'pending'; readonly arn: string }
  | { readonly kind: 'available'; readonly arn: string; readonly changes: readonly ResourceChange[] }
  | { readonly kind: 'no-changes'; readonly arn: string }
  | { readonly kind: 'failed'; readonly arn: string; readonly reason: string }
  | { readonly kind: 'obsolete'; readonly arn: string }
  | { readonly kind: 'executed'; readonly arn: string; readonly outcome: 'in-progress' | 'complete' | 'failed' };

export interface ChangeSetRequest {
  readonly stackName: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  /** Key of the template in the controller's bucket. */
  readonly templateKey: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
}

/** Outcome of CreateChangeSet. */
export type ChangeSetCreated =
  | { readonly kind: 'created'; readonly arn: string; readonly stackId: string }
  /** A change set of that name exists already: look at it. */
  | { readonly kind: 'name-taken' }
  /** The stack is in an operation, or in a state that allows no change set: tried again with backoff. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** CloudFormation accepts neither this template nor these parameters: the plan failed (ValidationError of the content). */
  | { readonly kind: 'rejected'; readonly reason: string };

/** Outcome of ExecuteChangeSet. */
export type ChangeSetExecuted = { readonly kind: 'started' } | { readonly kind: 'refused'; readonly reason: string };

/** CloudFormation, of our own stacks only. Throws TransientError for throttling and 5xx. */
export interface Stacks {
  describe(stackName: string): Promise<StackState>;
  createChangeSet(request: ChangeSetRequest): Promise<ChangeSetCreated>;
  /** By name (then the stack's name is needed) or by ARN; all pages. */
  describeChangeSet(stackName: string, nameOrArn: string): Promise<ChangeSetState>;
  /** @param clientToken the change set's name: a repeated call is recognised. */
  executeChangeSet(arn: string, clientToken: string, options: { disableRollback: boolean }): Promise<ChangeSetExecuted>;
  /** Also quiet when it is gone already. */
  deleteChangeSet(arn: string): Promise<void>;
  enableTerminationProtection(stackName: string): Promise<void>;
  /** The first resource failure of the stack's latest operation, in CloudFormation's words. */
  firstFailure(stackName: string): Promise<{ logicalId: string; resourceType: string; reason: string } | undefined>;
  /** Names of our stacks (prefix nextcloud-site-), deleted ones left out: what a resync looks at besides documents. */
  listSites(): Promise<readonly string[]>;
}
