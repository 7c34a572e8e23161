import type { ChangeSetState, ResourceChange, StackState, StackStatus } from '../ports/stacks.ts';
import type { Reason } from '../status/conditions.ts';
import { digestOf } from './digest.ts';
import type { LayerMemory, PlanIdentity } from './memory.ts';
import type { LayerObservation } from './observation.ts';
import { dependenciesOf, type ParameterWorld, resolveInputs, type StoredLayer, sameIdentity } from './parameters.ts';
import { type Assessment, riskOf, worst } from './risk.ts';
import { type Footing, footingOf, wasComplete } from './stack-state.ts';

/** One change of a change set, with its risk. */
export interface AssessedChange {
  readonly change: ResourceChange;
  readonly assessment: Assessment;
}

/** A change set to be made. */
export interface WantedChangeSet {
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly identity: PlanIdentity;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What is to be done about one layer. */
export type LayerPlan =
  | { readonly kind: 'in-sync' }
  /** CloudFormation is at work on the stack, or about to be. */
  | { readonly kind: 'busy'; readonly status: StackStatus | 'EXECUTE_IN_PROGRESS' }
  /** Parameters are not known yet, or may change in a moment. */
  | { readonly kind: 'waiting-for-inputs'; readonly reason: Reason; readonly missing: readonly string[] }
  | { readonly kind: 'needs-change-set'; readonly wanted: WantedChangeSet; readonly outdatedArn?: string }
  /** CloudFormation is computing it, and sends no event when it is done. */
  | { readonly kind: 'change-set-pending'; readonly arn: string }
  | {
      readonly kind: 'ready';
      readonly arn: string;
      readonly name: string;
      readonly firstCreate: boolean;
      readonly changes: readonly AssessedChange[];
      readonly assessment: Assessment;
      readonly planDigest: string;
    }
  /** This plan failed before and is not tried again by itself, or not before retryAt. */
  | {
      readonly kind: 'remembered-failure';
      readonly message: string;
      readonly attempts: number;
      readonly retryAt?: number;
    }
  | { readonly kind: 'unrecoverable'; readonly status: StackStatus; readonly reason: Reason; readonly nextStep: string }
  /** The stack that held the data is gone: a new, empty one is not what the document asks for. */
  | { readonly kind: 'vanished' };

/** What a layer's plan depends on. */
export interface LayerInput {
  readonly layer: StoredLayer;
  /** After `absorb`. */
  readonly memory: LayerMemory | undefined;
  readonly seen: LayerObservation;
  readonly world: ParameterWorld;
  readonly now: number;
}

/** Plans one layer; never throws, whatever the stack's state. */
export function planLayer(input: LayerInput): LayerPlan {
  const { layer, memory, seen } = input;
  const footing = footingOf(seen.stack, memory?.applied !== undefined);
  if (footing.kind === 'busy') return { kind: 'busy', status: footing.status };
  if (footing.kind === 'unrecoverable') return footing;
  if (layer.layer === 'data' && isGone(footing) && memory?.applied !== undefined) return { kind: 'vanished' };
  if (memory?.pending !== undefined && seen.changeSet?.kind === 'executed') {
    return { kind: 'busy', status: 'EXECUTE_IN_PROGRESS' };
  }
  const inputs = resolveInputs(layer, input.world, memory?.applied);
  if (inputs.kind === 'unknown') return { kind: 'waiting-for-inputs', reason: inputs.reason, missing: inputs.missing };
  if (footing.kind === 'settled' && standsOn(seen.stack, memory, inputs.identity)) return { kind: 'in-sync' };
  const moving = dependenciesOf(layer).filter((name) => isBusy(input.world.stacks[name]));
  if (moving.length > 0) {
    const missing = moving.map((name) => `the outputs of layer ${name}, whose stack is busy`);
    return { kind: 'waiting-for-inputs', reason: 'DependencyNotReady', missing };
  }
  return rememberedFailure(memory, inputs.identity, input.now) ?? planChangeSet(input, footing, inputs);
}

function planChangeSet(
  { memory, seen }: LayerInput,
  footing: Footing,
  inputs: { readonly identity: PlanIdentity; readonly parameters: Readonly<Record<string, string>> },
): LayerPlan {
  const wanted: WantedChangeSet = {
    name: changeSetName(inputs.identity, previousOf(seen.stack)),
    type:
      footing.kind === 'settled' || (footing.kind === 'first-create' && footing.changeSetType === 'UPDATE')
        ? 'UPDATE'
        : 'CREATE',
    identity: inputs.identity,
    parameters: inputs.parameters,
  };
  const pending = memory?.pending;
  const found: ChangeSetState | undefined = pending === undefined ? undefined : seen.changeSet;
  if (pending?.name === wanted.name && found?.kind === 'pending') return { kind: 'change-set-pending', arn: found.arn };
  if (pending?.name === wanted.name && found?.kind === 'available') {
    return readyPlan(seen.stack, memory, wanted, found);
  }
  return { kind: 'needs-change-set', wanted, ...(found?.kind === 'available' ? { outdatedArn: found.arn } : {}) };
}

function readyPlan(
  stack: StackState,
  memory: LayerMemory | undefined,
  wanted: WantedChangeSet,
  found: { readonly arn: string; readonly changes: readonly ResourceChange[] },
): LayerPlan {
  const firstCreate = !wasComplete(stack, memory?.applied !== undefined);
  const changes = found.changes.map((change) => ({ change, assessment: riskOf(change, { firstCreate }) }));
  return {
    kind: 'ready',
    arn: found.arn,
    name: wanted.name,
    firstCreate,
    changes,
    assessment: worst(changes.map((one) => one.assessment)),
    planDigest: planDigest(stack, wanted, changes),
  };
}

/**
 * The name says what the change set does and on what: a repeated look finds its own work, and a stack that moved on is another
 * plan. A letter first, at most 128 letters, digits and dashes.
 */
export function changeSetName(identity: PlanIdentity, previousChangeSetId: string | undefined): string {
  const { templateDigest, parametersDigest } = identity;
  const hash = digestOf({ templateDigest, parametersDigest, mode: 'standard', previous: previousChangeSetId ?? null });
  return `nc-${hash.slice(0, 40)}`;
}

/** What a person approves: this plan on this stack as it stands, with each of its destructive changes. */
function planDigest(stack: StackState, wanted: WantedChangeSet, changes: readonly AssessedChange[]): string {
  return digestOf({
    stackId: stack.kind === 'present' ? stack.stackId : null,
    templateDigest: wanted.identity.templateDigest,
    parametersDigest: wanted.identity.parametersDigest,
    previous: previousOf(stack) ?? null,
    destructive: changes
      .filter(({ assessment }) => assessment.risk === 'destructive' || assessment.risk === 'forbidden')
      .map(({ change }) => ({
        logicalId: change.logicalId,
        physicalId: change.physicalId ?? null,
        properties: change.details.map((detail) => detail.name ?? detail.attribute).sort(),
      })),
  });
}

/** While a stack is only reviewed, CloudFormation may already name the change set that was never executed. */
function previousOf(stack: StackState): string | undefined {
  return stack.kind === 'present' && stack.status !== 'REVIEW_IN_PROGRESS' ? stack.changeSetId : undefined;
}

function standsOn(stack: StackState, memory: LayerMemory | undefined, identity: PlanIdentity): boolean {
  const applied = memory?.applied;
  if (applied === undefined || stack.kind === 'absent') return false;
  return sameIdentity(applied, identity) && applied.changeSetId === stack.changeSetId;
}

function rememberedFailure(
  memory: LayerMemory | undefined,
  identity: PlanIdentity,
  now: number,
): LayerPlan | undefined {
  const failed = memory?.failed;
  if (failed === undefined || !sameIdentity(failed, identity)) return undefined;
  if (failed.retryAt !== undefined && failed.retryAt <= now) return undefined;
  return {
    kind: 'remembered-failure',
    message: failed.reason,
    attempts: failed.attempts,
    ...(failed.retryAt === undefined ? {} : { retryAt: failed.retryAt }),
  };
}

function isGone(footing: Footing): boolean {
  return footing.kind === 'absent' || (footing.kind === 'first-create' && footing.changeSetType === 'CREATE');
}

function isBusy(stack: StackState | undefined): boolean {
  return stack !== undefined && footingOf(stack, false).kind === 'busy';
}
