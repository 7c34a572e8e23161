import type { Log, Metrics } from '../ports/observability.ts';
import type { Statuses } from '../ports/statuses.ts';
import type { Bell, WorkRows } from '../ports/work-rows.ts';
import type { DesiredPorts } from './desired.ts';
import type { ObservePorts } from './observe.ts';
import type { StepPorts } from './take.ts';

/** Everything that a look reaches. */
export interface LookPorts extends ObservePorts, StepPorts, DesiredPorts {
  readonly rows: WorkRows;
  readonly statuses: Statuses;
  readonly bell: Bell;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What a look is told. */
export interface LookContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** From 0 to 1, drawn for this look. */
  readonly jitter: number;
  /** Unique to this look: the lease's holder. */
  readonly holder: string;
  /** Beyond the function's timeout, in milliseconds. */
  readonly leaseMs: number;
  /** The controller's. */
  readonly region: string;
  /** Opaque token of a manual request, when one caused this look. */
  readonly requestedAt?: string;
}
