import type { SiteMemory } from '../reconcile/memory.ts';

/** The row "look at this site": where to look, never what to do. */
export interface WorkRow {
  readonly site: string;
  /** Fencing token: grows with every lease. */
  readonly generation: number;
  /** Opaque token of the latest manual request. */
  readonly requestedAt?: string;
  /** Undefined on a new or lost row: then the status file is read. */
  readonly memory?: SiteMemory;
}

/** A lease that this invocation holds. */
export interface Lease {
  readonly site: string;
  readonly holder: string;
  readonly generation: number;
}

export type LeaseOutcome =
  | { readonly kind: 'leased'; readonly lease: Lease; readonly row: WorkRow }
  /** Another invocation holds it; the row is marked dirty, and the holder looks again. */
  | { readonly kind: 'held' };

export type ReleaseOutcome =
  | { readonly kind: 'released' }
  /** Someone rang while we looked: due at once; ring the bell. */
  | { readonly kind: 'dirty' }
  /** The lease had expired and another generation took over: what we know is stale, nothing was written. */
  | { readonly kind: 'lost' };

/** Times are epoch milliseconds. Each method is one conditional write or one query. */
export interface WorkRows {
  /**
   * Takes the lease, or marks the row dirty when it is held. Creates the row when it is missing. A leased row is due when its
   * lease expires, so that the tick finds what a dead holder left. `requestedAt` is stored in both cases.
   */
  lease(site: string, holder: string, now: number, leaseMs: number, requestedAt?: string): Promise<LeaseOutcome>;
  /** Stores memory in the middle of a look (a change set's ARN before it is executed). False: the lease is lost, stop. */
  remember(lease: Lease, memory: SiteMemory): Promise<boolean>;
  /** Gives the lease back and says when to look again; undefined dueAt: only when something rings. */
  release(lease: Lease, memory: SiteMemory, dueAt: number | undefined): Promise<ReleaseOutcome>;
  /** Makes a site due (resync, tick); a leased row becomes dirty. */
  mark(site: string, dueAt: number): Promise<void>;
  /** Sites that are due, earliest first. */
  due(now: number, limit: number): Promise<readonly string[]>;
}

/** The queue that a function listens to. */
export interface Bell {
  /** @param delaySeconds 0-900 (SQS). */
  ring(sites: readonly string[], delaySeconds: number): Promise<void>;
}
