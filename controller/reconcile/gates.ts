import { assertNever } from '../../desired-state/assert-never.ts';
import type { LayerName } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import type { BlockedBy } from '../status/site-status.ts';
import { dependenciesOf } from './parameters.ts';
import type { PlannedLayer, SitePlan } from './plan.ts';
import type { LayerPlan } from './plan-layer.ts';

type Ready = Extract<LayerPlan, { kind: 'ready' }>;

/** What the gates say of a plan. */
export interface Passage {
  /** Every gate that blocks something, all at once. */
  readonly blockedBy: readonly BlockedBy[];
  /** Ready layers that may be executed now. */
  readonly open: ReadonlySet<LayerName>;
  /** Ready layers that no gate blocks and that wait for another layer, with the one that they wait for. */
  readonly waiting: ReadonlyMap<LayerName, LayerName>;
}

/** Evaluates every gate for everything that is planned. */
export function passGates(site: Site, plan: SitePlan): Passage {
  const blockedBy: BlockedBy[] = site.suspend ? [suspended(plan)] : [];
  const open = new Set<LayerName>();
  const waiting = new Map<LayerName, LayerName>();
  for (const { layer, plan: own } of plan.layers) {
    if (own.kind !== 'ready') continue;
    const block = riskGate(layer.layer, own);
    if (block !== undefined) {
      blockedBy.push(block);
      continue;
    }
    const holder = dependenciesOf(layer).find((name) => mayChangeOutputs(planOf(plan.layers, name)));
    if (holder !== undefined) waiting.set(layer.layer, holder);
    else if (!site.suspend) open.add(layer.layer);
  }
  return { blockedBy, open, waiting };
}

function suspended(plan: SitePlan): BlockedBy {
  const due = plan.layers.filter((one) => one.plan.kind !== 'in-sync').map((one) => one.layer.layer);
  const held = [...due, ...plan.calls.map((call) => call.kind)].join(', ') || 'nothing';
  const message = `the document says suspend: true; held back: ${held}`;
  return { gate: 'suspended', subject: 'site', reason: 'Suspended', message };
}

function riskGate(subject: LayerName, { assessment, planDigest }: Ready): BlockedBy | undefined {
  const why = assessment.why ?? 'no reason known';
  switch (assessment.risk) {
    case 'safe':
      return undefined;
    case 'disruptive':
      return { gate: 'window', subject, reason: 'AwaitingWindow', message: `disruptive: ${why}` };
    case 'destructive':
      return {
        gate: 'approval',
        subject,
        reason: 'AwaitingApproval',
        message: `destructive: ${why}; plan digest ${planDigest}`,
      };
    case 'forbidden':
      return {
        gate: 'forbidden',
        subject,
        reason: 'ForbiddenChange',
        message: `never done by a commit: ${why}; take the change back, and restore or migrate data by hand`,
      };
    default:
      return assertNever(assessment.risk);
  }
}

function planOf(layers: readonly PlannedLayer[], name: LayerName): LayerPlan | undefined {
  return layers.find((one) => one.layer.layer === name)?.plan;
}

/**
 * Whether a layer's plan may give its outputs other values, so that those who take them wait. Resources that are changed in place
 * keep their ids; what failed or cannot be planned leaves the outputs that there are.
 */
function mayChangeOutputs(plan: LayerPlan | undefined): boolean {
  if (plan === undefined) return false;
  switch (plan.kind) {
    case 'in-sync':
    case 'remembered-failure':
    case 'unrecoverable':
    case 'vanished':
      return false;
    case 'busy':
    case 'waiting-for-inputs':
    case 'needs-change-set':
    case 'change-set-pending':
      return true;
    case 'ready':
      return plan.changes.some(({ change }) => change.action !== 'Modify' || change.replacement !== 'False');
    default:
      return assertNever(plan);
  }
}
