import type { Condition, ConditionType, Reason } from './conditions.ts';

/** What a condition says, without when it began to say so. */
export interface Finding {
  readonly status: Condition['status'];
  readonly reason: Reason;
  readonly message: string;
}

const longestMessage = 1_000;

/**
 * Sets a condition; its lastTransitionTime moves only when status, reason or message changes.
 *
 * @param revision the commit that was looked at
 * @param at ISO 8601
 */
export function setCondition(
  before: readonly Condition[],
  type: ConditionType,
  finding: Finding,
  revision: string,
  at: string,
): readonly Condition[] {
  const old = before.find((one) => one.type === type);
  const { status, reason } = finding;
  const message =
    finding.message.length > longestMessage ? `${finding.message.slice(0, longestMessage - 1)}…` : finding.message;
  const same = old !== undefined && old.status === status && old.reason === reason && old.message === message;
  const condition: Condition = {
    type,
    status,
    reason,
    message,
    observedRevision: revision,
    lastTransitionTime: same ? old.lastTransitionTime : at,
  };
  return inOrder([...before.filter((one) => one.type !== type), condition]);
}

/** Takes a condition away: Reconciling and Stalled are present only while True. */
export function removeCondition(before: readonly Condition[], type: ConditionType): readonly Condition[] {
  return before.filter((one) => one.type !== type);
}

/** One condition of a list. */
export function conditionOf(conditions: readonly Condition[], type: ConditionType): Condition | undefined {
  return conditions.find((one) => one.type === type);
}

const order: readonly ConditionType[] = ['Ready', 'Reconciling', 'Stalled', 'Healthy', 'Synced'];

function inOrder(conditions: readonly Condition[]): readonly Condition[] {
  return [...conditions].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
}
