import type { Condition, ConditionType } from './conditions.ts';
import type { SiteStatus } from './site-status.ts';

/** From good to bad. Of Reconciling and Stalled, True is what weighs. */
const positive: readonly Condition['status'][] = ['True', 'Unknown', 'False'];

/**
 * Merges what several writers say of a site: each condition is as bad as its worst writer says, with the messages of all that say
 * so. Everything else is that of the first.
 *
 * @param statuses at least one; the reconcile function's first
 */
export function mergeStatuses(statuses: readonly [SiteStatus, ...SiteStatus[]]): SiteStatus {
  const [first, ...others] = statuses;
  if (others.length === 0) return first;
  const all = statuses.flatMap((status) => status.conditions);
  const types = [...new Set(all.map((condition) => condition.type))];
  return {
    ...first,
    conditions: types.flatMap((type) => mergeConditions(all.filter((condition) => condition.type === type))),
    blockedBy: statuses.flatMap((status) => status.blockedBy),
    updatedAt: latest(statuses.map((status) => status.updatedAt)),
  };
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
