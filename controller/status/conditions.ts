/** Ready always; Reconciling and Stalled only while True (kstatus): https://fluxcd.io/flux/components/kustomize/kustomizations/#conditions */
export type ConditionType = 'Ready' | 'Reconciling' | 'Stalled' | 'Healthy' | 'Synced';

/** Closed list, PascalCase: Flux's words where it has one. */
export const reasons = [
  'Succeeded',
  'Progressing',
  'ProgressingWithRetry',
  'Suspended',
  'DependencyNotReady',
  'ReconciliationFailed',
  'BuildFailed',
  'ArtifactFailed',
  'HealthCheckFailed',
  'DriftDetected',
  'NoDriftDetected',
  'AwaitingApproval',
  'AwaitingWindow',
  'ChangeSetFailed',
  'StackRollbackFailed',
  'UnrecoverableStackFailure',
  'RetryLimitReached',
  'LockHeld',
  'InvalidDocument',
  'ForbiddenChange',
  'Orphaned',
  'LaunchBrake',
  'RollingOut',
  'LeftoverResources',
] as const;

export type Reason = (typeof reasons)[number];

export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
  readonly observedRevision: string;
  /** ISO 8601; moves only when status, reason or message changes. */
  readonly lastTransitionTime: string;
}
