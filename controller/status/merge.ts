import type { Condition, ConditionType } from './conditions.ts';
import { readyOf } from './ready.ts';
import { conditionOf, setCondition } from './set-condition.ts';
import type { SiteStatus } from './site-status.ts';

/** From good to bad. Of Reconciling and Stalled, True is what weighs. */
const positive: readonly Condition['status'][] = ['True', 'Unknown', 'False'];

/**
 * Merges what several writers say of a site: each condition is as bad as its worst writer says, with the messages of all that say
 * so. Ready follows from the others. Everything else is that of the first.
 *
 * @param statuses at least one; the reconcile function's first
 */
export function mergeStatuses(statuses: readonly [SiteStatus, ...SiteStatus[]]): SiteStatus {
  const [first, ...others] = statuses;
  if (others.length === 0) return first;
  const all = statuses.flatMap((status) => status.conditions);
  const types = [...new Set(all.map((condition) => condition.type))];
  const merged = types.flatMap((type) => mergeConditions(all.filter((condition) => condition.type === type)));
  return {
    ...first,
    conditions: withReady(merged),
    blockedBy: statuses.flatMap((status) => status.blockedBy),
    updatedAt: latest(statuses.map((status) => status.updatedAt)),
  };
}

/** Ready follows from the others: no writer alone knows it. */
function withReady(conditions: readonly Condition[]): readonly Condition[] {
  const [synced, healthy, stalled] = (['Synced', 'Healthy', 'Stalled'] as const).map((type) =>
    conditionOf(conditions, type),
  );
  if (synced === undefined || healthy === undefined) return conditions;
  const { status, reason, message } = readyOf({ synced, healthy, ...(stalled === undefined ? {} : { stalled }) });
  const cause = [synced, healthy, stalled].find((one) => one?.message === message) ?? synced;
  return setCondition(
    conditions,
    'Ready',
    { status, reason, message },
    cause.observedRevision,
    cause.lastTransitionTime,
  );
}

function mergeConditions(conditions: readonly Condition[]): readonly Condition[] {
  const worst = conditions.reduce<Condition | undefined>(
    (known, one) => (known === undefined || badness(one) > badness(known) ? one : known),
    undefined,
  );
  if (worst === undefined) return [];
  const alike = conditions.filter((one) => one.status === worst.status);
  const message = [
    ...new Set(alike.map((one) => (one === worst ? one.message : `${one.reason}: ${one.message}`))),
  ].join('; ');
  const lastTransitionTime = latest(alike.map((one) => one.lastTransitionTime));
  return [{ ...worst, message, lastTransitionTime }];
}

function badness({ type, status }: Condition): number {
  const rank = positive.indexOf(status);
  return isTrouble(type) ? -rank : rank;
}

function isTrouble(type: ConditionType): boolean {
  return type === 'Reconciling' || type === 'Stalled';
}

/** Of times in ISO 8601. */
function latest(times: readonly string[]): string {
  return times.toSorted().at(-1) ?? '';
}
