import type { LayerName } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import type { ChangeSetRequest } from '../ports/stacks.ts';
import type { Passage } from './gates.ts';
import type { PlanIdentity } from './memory.ts';
import type { PlannedLayer, SitePlan } from './plan.ts';
import type { DirectCall } from './plan-capacity.ts';
import { footingOf } from './stack-state.ts';

/** Everything that a look may do to a site; each is one call, and each may be repeated. */
export type Step =
  | {
      readonly kind: 'create-change-set';
      readonly layer: LayerName;
      readonly request: ChangeSetRequest;
      readonly identity: PlanIdentity;
    }
  | { readonly kind: 'delete-change-set'; readonly layer: LayerName; readonly arn: string }
  | {
      readonly kind: 'execute-change-set';
      readonly layer: LayerName;
      readonly arn: string;
      readonly name: string;
      /** Until a stack was once *_COMPLETE: keep what was made, to be fixed forward. */
      readonly disableRollback: boolean;
    }
  | { readonly kind: 'enable-termination-protection'; readonly layer: LayerName; readonly stackName: string }
  | DirectCall;

/** What the description of a change set tells those who meet it in the console. */
export interface Origin {
  readonly revision: string;
}

/**
 * The steps of one look: at most three a layer and two direct calls, none of which depends on another. A suspended site gets
 * none, not even a change set.
 *
 * @param spent change sets that have served, by layer
 */
export function stepsOf(
  site: Site,
  plan: SitePlan,
  passage: Passage,
  spent: Readonly<Partial<Record<LayerName, readonly string[]>>>,
  origin: Origin,
): readonly Step[] {
  if (site.suspend) return [];
  const steps = plan.layers.flatMap((planned) =>
    layerSteps(planned, passage, spent[planned.layer.layer] ?? [], origin),
  );
  return groupMayChange(plan) ? [...steps, ...plan.calls] : steps;
}

function layerSteps(planned: PlannedLayer, passage: Passage, spent: readonly string[], origin: Origin): Step[] {
  const { layer, plan } = planned;
  const name = layer.layer;
  const steps: Step[] = spent.map((arn) => ({ kind: 'delete-change-set', layer: name, arn }));
  if (needsProtection(planned)) {
    steps.push({ kind: 'enable-termination-protection', layer: name, stackName: layer.stackName });
  }
  if (plan.kind === 'needs-change-set') {
    if (plan.outdatedArn !== undefined) steps.push({ kind: 'delete-change-set', layer: name, arn: plan.outdatedArn });
    const { wanted } = plan;
    const request: ChangeSetRequest = {
      stackName: layer.stackName,
      name: wanted.name,
      type: wanted.type,
      templateKey: layer.templateKey,
      parameters: wanted.parameters,
      tags: layer.tags,
      description: `revision ${origin.revision}`.slice(0, 1024),
    };
    steps.push({ kind: 'create-change-set', layer: name, request, identity: wanted.identity });
  }
  if (plan.kind === 'ready' && passage.open.has(name)) {
    const { arn, firstCreate } = plan;
    steps.push({ kind: 'execute-change-set', layer: name, arn, name: plan.name, disableRollback: firstCreate });
  }
  return steps;
}

/** At the first *_COMPLETE, and again whenever somebody took it off. */
function needsProtection({ seen: { stack } }: PlannedLayer): boolean {
  return stack.kind === 'present' && !stack.terminationProtection && footingOf(stack, false).kind === 'settled';
}

/** Direct calls wait for the group's own layer while CloudFormation is at work on it, and for no other. */
function groupMayChange(plan: SitePlan): boolean {
  return plan.layers.some(({ layer, plan: own }) => layer.layer === 'web' && own.kind !== 'busy');
}
