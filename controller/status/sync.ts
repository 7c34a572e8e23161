import { assertNever } from '../../desired-state/assert-never.ts';
import type { Site } from '../../desired-state/site.ts';
import type { Passage } from '../reconcile/gates.ts';
import type { PlannedLayer, SitePlan } from '../reconcile/plan.ts';
import { passesWithTime } from '../reconcile/retry.ts';
import type { Reason } from './conditions.ts';
import { counted, describeCall } from './describe-change.ts';
import { failureWords, vanishedWords } from './layer-status.ts';
import { waitingWords } from './missing-inputs.ts';
import type { Finding } from './set-condition.ts';

/** Something that separates the site from its document. */
interface Gap {
  readonly reason: Reason;
  readonly message: string;
  /** `stalled`: a person has to act; `moving`: it goes on by itself; `held`: it waits for something that is named. */
  readonly course: 'stalled' | 'moving' | 'held';
}

/** The Synced condition, and what follows from it for Stalled and Reconciling. */
export interface SyncFinding {
  readonly synced: Finding;
  readonly stalled?: Finding;
  readonly reconciling?: Finding;
}

/** The reason that a status names first, when there are several. */
const priority: readonly Reason[] = [
  'Suspended',
  'ForbiddenChange',
  'UnrecoverableStackFailure',
  'StackRollbackFailed',
  'RetryLimitReached',
  'ReconciliationFailed',
  'ArtifactFailed',
  'AwaitingApproval',
  'AwaitingWindow',
  'ProgressingWithRetry',
  'Progressing',
  'RollingOut',
  'DependencyNotReady',
];

/**
 * Synced: every layer stands on its plan, bounds and CPU policy are as declared, and every in-service instance runs the group's
 * launch template version.
 */
export function syncOf(site: Site, plan: SitePlan, passage: Passage): SyncFinding {
  const gaps = gapsOf(plan, passage);
  if (gaps.length === 0) {
    const message = site.suspend ? 'everything is as declared; suspended' : 'everything is as declared';
    return { synced: { status: 'True', reason: 'Succeeded', message } };
  }
  if (site.suspend) {
    const message = `suspended; out of sync: ${messageOf(gaps)}`;
    return { synced: { status: 'False', reason: 'Suspended', message } };
  }
  const stalled = gaps.filter((gap) => gap.course === 'stalled');
  const moving = gaps.filter((gap) => gap.course === 'moving');
  return {
    synced: { status: 'False', reason: firstReason(gaps), message: messageOf(gaps) },
    ...(stalled.length === 0
      ? {}
      : { stalled: { status: 'True', reason: firstReason(stalled), message: messageOf(stalled) } }),
    ...(moving.length === 0
      ? {}
      : { reconciling: { status: 'True', reason: firstReason(moving), message: messageOf(moving) } }),
  };
}

function gapsOf(plan: SitePlan, passage: Passage): Gap[] {
  const gaps = plan.layers.flatMap((planned) => layerGap(planned, passage) ?? []);
  if (plan.calls.length > 0) {
    gaps.push({ reason: 'Progressing', message: plan.calls.map(describeCall).join(', '), course: 'moving' });
  }
  if (plan.outdatedInstances.length > 0) {
    const message = `${counted(plan.outdatedInstances.length, 'instance')} of an earlier launch template version`;
    gaps.push({ reason: 'RollingOut', message, course: 'held' });
  }
  return gaps;
}

function layerGap({ layer, plan }: PlannedLayer, passage: Passage): Gap | undefined {
  const name = layer.layer;
  switch (plan.kind) {
    case 'in-sync':
      return undefined;
    case 'busy':
      return { reason: 'Progressing', message: `${name}: ${plan.status}`, course: 'moving' };
    case 'needs-change-set':
    case 'change-set-pending':
      return { reason: 'Progressing', message: `${name}: planning`, course: 'moving' };
    case 'waiting-for-inputs': {
      const course = plan.reason === 'ArtifactFailed' ? 'stalled' : 'held';
      return { reason: plan.reason, message: `${name} ${waitingWords(plan.missing)}`, course };
    }
    case 'ready':
      return readyGap(name, plan.changes.length, passage);
    case 'remembered-failure': {
      const message = `${name}: ${failureWords(plan.message, plan.retryAt)}`;
      if (plan.retryAt !== undefined) return { reason: 'ProgressingWithRetry', message, course: 'moving' };
      return {
        reason: passesWithTime(plan.message) ? 'RetryLimitReached' : 'ReconciliationFailed',
        message,
        course: 'stalled',
      };
    }
    case 'unrecoverable':
      return { reason: plan.reason, message: `${name}: ${plan.status}: ${plan.nextStep}`, course: 'stalled' };
    case 'vanished':
      return { reason: 'UnrecoverableStackFailure', message: `${name}: ${vanishedWords}`, course: 'stalled' };
    default:
      return assertNever(plan);
  }
}

function readyGap(name: PlannedLayer['layer']['layer'], changes: number, passage: Passage): Gap {
  const block = passage.blockedBy.find((one) => one.subject === name);
  if (block !== undefined) {
    const course = block.gate === 'forbidden' ? 'stalled' : 'held';
    return { reason: block.reason, message: `${name}: ${block.message}`, course };
  }
  const holder = passage.waiting.get(name);
  return holder === undefined
    ? { reason: 'Progressing', message: `${name}: ${counted(changes, 'change')}`, course: 'moving' }
    : { reason: 'DependencyNotReady', message: `${name} waits for ${holder}`, course: 'held' };
}

function firstReason(gaps: readonly Gap[]): Reason {
  return priority.find((reason) => gaps.some((gap) => gap.reason === reason)) ?? 'Progressing';
}

function messageOf(gaps: readonly Gap[]): string {
  return gaps.map((gap) => gap.message).join('; ');
}
