import { assertNever } from '../../desired-state/assert-never.ts';
import type { LayerName } from '../../desired-state/rendered.ts';
import type { LayerMemory } from './memory.ts';
import type { LayerObservation, ResourceFailure } from './observation.ts';
import { sameIdentity } from './parameters.ts';
import { backoffMs, passesWithTime, planAttemptLimit } from './retry.ts';
import { footingOf, succeeded } from './stack-state.ts';

type Pending = NonNullable<LayerMemory['pending']>;
type Failed = NonNullable<LayerMemory['failed']>;

/** A layer's memory after what was seen, and the change sets that have served. */
export interface Absorbed {
  readonly memory: LayerMemory;
  /** ARNs to delete: a change set that failed keeps its name taken. */
  readonly spent: readonly string[];
}

/** When, and the jitter (0 to 1) of what is tried again. */
export interface Moment {
  readonly now: number;
  readonly jitter: number;
}

/** Takes over into memory what became of the pending change set: applied, nothing to do, failed, or overtaken by others. */
export function absorb(layer: LayerName, before: LayerMemory, seen: LayerObservation, moment: Moment): Absorbed {
  const memory = forgetVanished(layer, before, seen);
  const { pending } = memory;
  if (pending === undefined || seen.changeSet === undefined) return { memory, spent: [] };
  const { changeSet } = seen;
  switch (changeSet.kind) {
    case 'pending':
    case 'available':
      return { memory, spent: [] };
    case 'no-changes':
      return { memory: standsOn(memory, pending, changeSetIdOf(seen)), spent: [changeSet.arn] };
    case 'failed':
      return { memory: remembersFailure(memory, pending, changeSet.reason, moment), spent: [changeSet.arn] };
    case 'obsolete':
      return { memory: withoutPending(memory), spent: [changeSet.arn] };
    case 'absent':
      return { memory: withoutPending(memory), spent: [] };
    case 'executed':
      return { memory: afterExecution(memory, pending, changeSet.outcome, seen, moment), spent: [] };
    default:
      return assertNever(changeSet);
  }
}

/** The memory of a plan that failed: when it may be tried again depends on why. */
export function remembersFailure(memory: LayerMemory, plan: Pending, reason: string, moment: Moment): LayerMemory {
  const again = memory.failed !== undefined && sameIdentity(memory.failed, plan) ? memory.failed.attempts : 0;
  const attempts = again + 1;
  const retries = passesWithTime(reason) && attempts < planAttemptLimit;
  const failed: Failed = {
    templateDigest: plan.templateDigest,
    parametersDigest: plan.parametersDigest,
    reason,
    at: moment.now,
    attempts,
    ...(retries ? { retryAt: moment.now + backoffMs(attempts, moment.jitter) } : {}),
  };
  return { ...withoutPending(memory), failed };
}

/** A failed plan is due once more: by a person's request. */
export function forgivesFailure(memory: LayerMemory, now: number): LayerMemory {
  return memory.failed === undefined ? memory : { ...memory, failed: { ...memory.failed, retryAt: now } };
}

/** A stack that is gone stands on nothing. Of data that stays known: they are not created anew by themselves. */
function forgetVanished(layer: LayerName, memory: LayerMemory, seen: LayerObservation): LayerMemory {
  const { stack } = seen;
  const gone = stack.kind === 'absent' || stack.status === 'REVIEW_IN_PROGRESS' || stack.status === 'DELETE_COMPLETE';
  if (!gone || layer === 'data' || memory.applied === undefined) return memory;
  const { applied: _, ...rest } = memory;
  return rest;
}

function afterExecution(
  memory: LayerMemory,
  pending: Pending,
  outcome: 'in-progress' | 'complete' | 'failed',
  seen: LayerObservation,
  moment: Moment,
): LayerMemory {
  const { stack } = seen;
  if (stack.kind === 'absent') return withoutPending(memory);
  const footing = footingOf(stack, memory.applied !== undefined);
  if (outcome === 'in-progress' || footing.kind === 'busy') return memory;
  // Another operation followed ours: what it left is planned from anew.
  if (stack.changeSetId !== undefined && stack.changeSetId !== pending.arn) return withoutPending(memory);
  if (outcome === 'complete' && succeeded(stack.status)) return standsOn(memory, pending, pending.arn);
  return remembersFailure(memory, pending, failureText(stack.status, seen.failure, stack.statusReason), moment);
}

function failureText(status: string, failure: ResourceFailure | undefined, statusReason: string | undefined): string {
  if (failure !== undefined) return `${failure.logicalId} (${failure.resourceType}): ${failure.reason}`;
  return statusReason ?? `the stack ended in ${status}`;
}

function standsOn(memory: LayerMemory, plan: Pending, changeSetId: string | undefined): LayerMemory {
  const { pending: _pending, failed: _failed, ...rest } = memory;
  const { templateDigest, parametersDigest } = plan;
  return {
    ...rest,
    applied: { templateDigest, parametersDigest, ...(changeSetId === undefined ? {} : { changeSetId }) },
  };
}

function withoutPending(memory: LayerMemory): LayerMemory {
  const { pending: _, ...rest } = memory;
  return rest;
}

function changeSetIdOf(seen: LayerObservation): string | undefined {
  return seen.stack.kind === 'present' ? seen.stack.changeSetId : undefined;
}
