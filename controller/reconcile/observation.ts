import type { LayerName } from '../../desired-state/rendered.ts';
import type { GroupState } from '../ports/capacity.ts';
import type { HealthFacts } from '../ports/health.ts';
import type { ChangeSetState, StackState } from '../ports/stacks.ts';

/** The failure of a resource, in CloudFormation's words. */
export interface ResourceFailure {
  readonly logicalId: string;
  readonly resourceType: string;
  readonly reason: string;
}

/** What was seen of one layer. */
export interface LayerObservation {
  readonly stack: StackState;
  /** The change set that memory calls pending; absent when there is none. */
  readonly changeSet?: ChangeSetState;
  /** Of an executed change set that failed. */
  readonly failure?: ResourceFailure;
}

/** Everything that one look has seen, read at about the same time. */
export interface Observation {
  readonly layers: Readonly<Partial<Record<LayerName, LayerObservation>>>;
  readonly images: Readonly<Record<string, string>>;
  readonly group: GroupState;
  /** Of what exists so far. */
  readonly health: HealthFacts;
  /** Former layers' stacks that still exist. */
  readonly leftovers: readonly string[];
}
