import { assertNever } from '../../desired-state/assert-never.ts';
import type { LayerName } from '../../desired-state/rendered.ts';
import type { Capacity } from '../ports/capacity.ts';
import type { ChangeSetCreated, Stacks } from '../ports/stacks.ts';
import { type Moment, remembersFailure } from './absorb.ts';
import { emptyLayerMemory, type LayerMemory, type SiteMemory } from './memory.ts';
import type { Step } from './steps.ts';

/** What a step needs. */
export interface StepPorts {
  readonly stacks: Stacks;
  readonly capacity: Capacity;
}

type CreateStep = Extract<Step, { kind: 'create-change-set' }>;

/** What became of a step. */
export type StepResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'pending'; readonly step: CreateStep; readonly arn: string }
  /** Not now: somebody else is at work on the stack. */
  | { readonly kind: 'refused'; readonly layer: LayerName; readonly reason: string }
  /** CloudFormation does not accept the plan. */
  | { readonly kind: 'rejected'; readonly step: CreateStep; readonly reason: string };

/**
 * Makes one step. Safe to repeat: names and tokens are those of the plan, so that CloudFormation recognises its own work.
 *
 * @throws TransientError when the service asks to come back later
 */
export async function take(step: Step, ports: StepPorts): Promise<StepResult> {
  const { stacks, capacity } = ports;
  switch (step.kind) {
    case 'create-change-set':
      return created(step, await stacks.createChangeSet(step.request), stacks);
    case 'delete-change-set':
      await stacks.deleteChangeSet(step.arn);
      return { kind: 'done' };
    case 'execute-change-set': {
      const outcome = await stacks.executeChangeSet(step.arn, step.name, { disableRollback: step.disableRollback });
      return outcome.kind === 'started'
        ? { kind: 'done' }
        : { kind: 'refused', layer: step.layer, reason: outcome.reason };
    }
    case 'enable-termination-protection':
      await stacks.enableTerminationProtection(step.stackName);
      return { kind: 'done' };
    case 'set-bounds':
      await capacity.setBounds(step.groupName, step.to);
      return { kind: 'done' };
    case 'put-cpu-policy':
      await capacity.putCpuPolicy(step.groupName, step.targetPercent);
      return { kind: 'done' };
    default:
      return assertNever(step);
  }
}

/** Our own change set of an earlier look that did not come to remember it: taken over. */
async function created(step: CreateStep, outcome: ChangeSetCreated, stacks: Stacks): Promise<StepResult> {
  switch (outcome.kind) {
    case 'created':
      return { kind: 'pending', step, arn: outcome.arn };
    case 'name-taken': {
      const found = await stacks.describeChangeSet(step.request.stackName, step.request.name);
      return found.kind === 'absent'
        ? { kind: 'refused', layer: step.layer, reason: `the change set's name ${step.request.name} is not free yet` }
        : { kind: 'pending', step, arn: found.arn };
    }
    case 'refused':
      return { kind: 'refused', layer: step.layer, reason: outcome.reason };
    case 'rejected':
      return { kind: 'rejected', step, reason: outcome.reason };
    default:
      return assertNever(outcome);
  }
}

/** Memory before the steps are made: an execution is known before it begins, so that a crash cannot hide it. */
export function rememberExecutions(memory: SiteMemory, steps: readonly Step[], now: number): SiteMemory {
  return steps.reduce((known, step) => {
    if (step.kind !== 'execute-change-set') return known;
    const before = known.layers[step.layer];
    if (before?.pending?.arn !== step.arn) return known;
    return withLayer(known, step.layer, { ...before, pending: { ...before.pending, executedAt: now } });
  }, memory);
}

/** Memory after a step. */
export function rememberResult(memory: SiteMemory, result: StepResult, moment: Moment): SiteMemory {
  switch (result.kind) {
    case 'done':
      return memory;
    case 'pending': {
      const { layer, request, identity } = result.step;
      const before = memory.layers[layer] ?? emptyLayerMemory(request.stackName);
      return withLayer(memory, layer, { ...before, pending: { ...identity, name: request.name, arn: result.arn } });
    }
    case 'refused':
      return memory;
    case 'rejected': {
      const { layer, request, identity } = result.step;
      const before = memory.layers[layer] ?? emptyLayerMemory(request.stackName);
      const plan = { ...identity, name: request.name, arn: '' };
      return withLayer(memory, layer, remembersFailure(before, plan, result.reason, moment));
    }
    default:
      return assertNever(result);
  }
}

function withLayer(memory: SiteMemory, layer: LayerName, value: LayerMemory): SiteMemory {
  return { ...memory, layers: { ...memory.layers, [layer]: value } };
}
