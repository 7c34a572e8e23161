import type { LayerName } from '../../desired-state/rendered.ts';

/** What identifies a plan of one layer: the same again is the same plan. */
export interface PlanIdentity {
  readonly templateDigest: string;
  /** SHA-256 over the resolved parameters and the stack's tags. */
  readonly parametersDigest: string;
}

/** What the controller remembers of one layer between looks. Lost, it costs a change set without changes, never a decision. */
export interface LayerMemory {
  readonly stackName: string;
  /** The plan that the stack stands on, and the stack's ChangeSetId at that time: equal again means nothing to do. */
  readonly applied?: PlanIdentity & { readonly changeSetId?: string };
  /** The change set in the making; stored before it is executed. */
  readonly pending?: PlanIdentity & {
    readonly name: string;
    readonly arn: string;
    /** Epoch milliseconds; set just before ExecuteChangeSet. */
    readonly executedAt?: number;
  };
  /** A plan that failed is not tried again by itself, except for throttling and capacity errors, with backoff. */
  readonly failed?: PlanIdentity & {
    readonly reason: string;
    readonly at: number;
    readonly attempts: number;
    readonly retryAt?: number;
  };
}

/** What the controller remembers of a site; stored in its work row, fenced by the lease's generation. */
export interface SiteMemory {
  readonly formatVersion: 1;
  readonly layers: Readonly<Partial<Record<LayerName, LayerMemory>>>;
  readonly lastApplied?: {
    readonly revision: string;
    readonly versionId: string;
    readonly rendererVersion: string;
    readonly at: number;
  };
  readonly lastFailedRevision?: string;
  /** Stacks that the document no longer declares: listed until a person has removed them, never touched. */
  readonly leftovers?: readonly string[];
  /** The manual request that was handled last. */
  readonly lastHandledReconcileAt?: string;
  /** Consecutive looks that ended in a transient error: the exponent of the backoff. */
  readonly transientAttempts: number;
  /** Epoch milliseconds at which a delayed message rings that was sent already: each look sends at most one, so they never multiply. */
  readonly timerAt?: number;
}

export const emptyMemory: SiteMemory = { formatVersion: 1, layers: {}, transientAttempts: 0 };

/** What is remembered of a layer that nobody has looked at. */
export function emptyLayerMemory(stackName: string): LayerMemory {
  return { stackName };
}
