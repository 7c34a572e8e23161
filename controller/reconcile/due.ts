import type { Site } from '../../desired-state/site.ts';
import type { HealthState } from '../status/site-status.ts';
import type { SitePlan } from './plan.ts';
import { backoffMs } from './retry.ts';
import type { Step } from './steps.ts';

const second = 1_000;

/** When to look again: a change set sends no event when it is ready. */
export const changeSetPollMs = 2 * second;
/** A busy stack rings when it is done; this is for the event that gets lost. */
export const busySafetyNetMs = 60 * second;
/** A target that becomes healthy sends no event; while a site comes up a look each few seconds costs little. */
export const healthPollMs = 5 * second;

/** What decides when a site is looked at again. */
export interface DueInput {
  readonly site: Site;
  readonly plan: SitePlan;
  readonly steps: readonly Step[];
  readonly health: HealthState;
  /** Looks in a row in which CloudFormation refused a step for the moment. */
  readonly refusals: number;
  readonly now: number;
  readonly jitter: number;
}

/** Epoch milliseconds of the next look when nothing rings before. */
export function dueAtOf(input: DueInput): number {
  const { now, jitter } = input;
  const delays = [intervalMs(input.site, jitter), ...healthDelay(input.health)];
  if (input.refusals > 0) delays.push(backoffMs(input.refusals, jitter));
  if (!input.site.suspend) delays.push(...planDelays(input.plan, now), ...input.steps.flatMap(stepDelay));
  if (input.plan.outdatedInstances.length > 0) delays.push(busySafetyNetMs);
  return now + Math.max(0, Math.min(...delays));
}

/** The document's interval, 5 % earlier or later, so that sites do not march in step. */
function intervalMs(site: Site, jitter: number): number {
  return Math.round(site.reconcile.intervalMinutes * 60 * second * (0.95 + 0.1 * jitter));
}

function healthDelay(health: HealthState): number[] {
  if (health === 'Progressing') return [healthPollMs];
  return health === 'Degraded' ? [busySafetyNetMs] : [];
}

function planDelays(plan: SitePlan, now: number): number[] {
  return plan.layers.flatMap(({ plan: own }) => {
    if (own.kind === 'change-set-pending') return [changeSetPollMs];
    if (own.kind === 'busy') return [busySafetyNetMs];
    return own.kind === 'remembered-failure' && own.retryAt !== undefined ? [own.retryAt - now] : [];
  });
}

function stepDelay(step: Step): number[] {
  if (step.kind === 'create-change-set') return [changeSetPollMs];
  return step.kind === 'execute-change-set' ? [busySafetyNetMs] : [];
}

/** Below this the tick is too coarse, and the bell is rung with a delay. */
const tickMs = 60 * second;

/** When a row is due, and what has to ring for it. */
export interface Timer {
  readonly dueAt: number | undefined;
  /** Send a message with this delay; absent: the tick, or a message that is on its way, will do. */
  readonly ringSeconds?: number;
  /** The message that is on its way after that. */
  readonly timerAt?: number;
}

/**
 * Decides what rings for the next look. A message that is on its way already serves when it comes early enough: were each look to send
 * one, every event that arrives meanwhile would start a chain of its own.
 *
 * @param before timerAt of the last look
 */
export function timerOf(dueAt: number | undefined, before: number | undefined, now: number): Timer {
  const onItsWay = before !== undefined && before > now ? before : undefined;
  if (dueAt === undefined) return { dueAt, ...(onItsWay === undefined ? {} : { timerAt: onItsWay }) };
  if (onItsWay !== undefined && onItsWay <= dueAt) return { dueAt: onItsWay, timerAt: onItsWay };
  if (dueAt - now >= tickMs) return { dueAt, ...(onItsWay === undefined ? {} : { timerAt: onItsWay }) };
  const ringSeconds = Math.max(0, Math.ceil((dueAt - now) / second));
  return { dueAt, ringSeconds, timerAt: now + ringSeconds * second };
}
