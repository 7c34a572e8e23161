import { assertNever } from '../../desired-state/assert-never.ts';
import type { Passage } from '../reconcile/gates.ts';
import type { PlannedLayer } from '../reconcile/plan.ts';
import { counted, describeChange } from './describe-change.ts';
import { waitingWords } from './missing-inputs.ts';
import type { LayerStatus } from './site-status.ts';

/** Changes that are shown of one layer; a first create has hundreds. */
const shownChanges = 40;

type Words = Pick<LayerStatus, 'state' | 'message'>;

/** One layer's plan, for people. */
export function layerStatusOf({ layer, plan, seen }: PlannedLayer, passage: Passage): LayerStatus {
  const base = { layer: layer.layer, stackName: layer.stackName };
  const words = wordsOf({ layer, plan, seen }, passage);
  if (plan.kind !== 'ready') return { ...base, ...words, changes: [] };
  const lines = plan.changes.map(({ change }) => describeChange(change));
  const rest = lines.length - shownChanges;
  const changes = rest > 0 ? [...lines.slice(0, shownChanges), `and ${rest} more`] : lines;
  return { ...base, ...words, planDigest: plan.planDigest, risk: plan.assessment.risk, changes };
}

function wordsOf({ layer, plan }: PlannedLayer, passage: Passage): Words {
  switch (plan.kind) {
    case 'in-sync':
      return { state: 'in sync', message: '' };
    case 'busy':
      return { state: 'busy', message: `CloudFormation: ${plan.status}` };
    case 'waiting-for-inputs':
      return { state: 'waiting for inputs', message: waitingWords(plan.missing) };
    case 'needs-change-set':
    case 'change-set-pending':
      return { state: 'planning', message: 'CloudFormation works out the change set' };
    case 'ready': {
      const holder = passage.waiting.get(layer.layer);
      if (holder !== undefined)
        return { state: 'waiting', message: `waits for layer ${holder}, which may change its inputs` };
      if (passage.open.has(layer.layer)) return { state: 'applying', message: counted(plan.changes.length, 'change') };
      return {
        state: 'blocked',
        message: plan.assessment.why ?? `${counted(plan.changes.length, 'change')} held back`,
      };
    }
    case 'remembered-failure':
      return { state: 'failed', message: failureWords(plan.message, plan.retryAt) };
    case 'unrecoverable':
      return { state: 'unrecoverable', message: `${plan.status}: ${plan.nextStep}` };
    case 'vanished':
      return { state: 'vanished', message: vanishedWords };
    default:
      return assertNever(plan);
  }
}

/** What failed, and what happens next. */
export function failureWords(reason: string, retryAt: number | undefined): string {
  return retryAt === undefined
    ? `${reason}; commit a fix, or remove the cause and request a reconciliation`
    : `${reason}; tried again at ${new Date(retryAt).toISOString()}`;
}

/** What to do when the stack that held the data is gone. */
export const vanishedWords =
  'the stack that holds the data is gone and is not created empty: import the retained database and file system into a stack of ' +
  'this name, or, to start over with no data, remove the document and the other stacks and commit it again';
