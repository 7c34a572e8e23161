import type { Issue } from '../../desired-state/parse.ts';
import type { LayerName } from '../../desired-state/rendered.ts';
import type { SiteMemory } from '../reconcile/memory.ts';
import type { Condition, Reason } from './conditions.ts';

export type SyncState = 'Synced' | 'OutOfSync' | 'Unknown';
export type HealthState = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';

/** One layer, for people. */
export interface LayerStatus {
  readonly layer: LayerName;
  readonly stackName: string;
  /** in-sync, busy, waiting for inputs, planned, blocked, failed, ... : the plan's own word. */
  readonly state: string;
  readonly message: string;
  /** What is to be approved, for people to copy; absent when nothing is planned. */
  readonly planDigest?: string;
  readonly risk?: 'safe' | 'disruptive' | 'destructive' | 'forbidden';
  /** One line a change: `Modify WebGroup (AWS::AutoScaling::AutoScalingGroup): MaxSize 6 → 8`. */
  readonly changes: readonly string[];
}

/** A gate that blocks a step; all that block are listed. */
export interface BlockedBy {
  readonly gate: 'suspended' | 'limits' | 'window' | 'approval' | 'health' | 'forbidden';
  /** The layer or the direct call that is held. */
  readonly subject: string;
  readonly reason: Reason;
  readonly message: string;
}

export interface HistoryEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly revision: string;
  readonly reason: Reason;
  readonly message: string;
}

/** What the reconcile function says of a site; also the content of `status/<site>.json` once merged with other writers'. */
export interface SiteStatus {
  readonly formatVersion: 1;
  readonly site: string;
  readonly writer: 'reconcile';
  readonly conditions: readonly Condition[];
  readonly sync: SyncState;
  readonly health: HealthState;
  readonly lastAttemptedRevision?: string;
  readonly lastAppliedRevision?: string;
  readonly lastFailedRevision?: string;
  readonly lastHandledReconcileAt?: string;
  readonly layers: readonly LayerStatus[];
  /** Direct calls that were made or are due: `bounds 2..6 → 2..8`. */
  readonly capacity: readonly string[];
  readonly blockedBy: readonly BlockedBy[];
  readonly issues: readonly Issue[];
  readonly loadBalancerDnsName?: string;
  readonly hostedZoneNameServers?: readonly string[];
  /** ISO 8601; absent: only when something rings. */
  readonly nextLookAt?: string;
  /** The last entries, newest first, at most 10. */
  readonly history: readonly HistoryEntry[];
  /** What a lost work row is rebuilt from. */
  readonly memory: SiteMemory;
  /** ISO 8601. */
  readonly updatedAt: string;
}
