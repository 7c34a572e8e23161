import { assertNever } from '../../desired-state/assert-never.ts';
import type { ChangeDetail, ResourceChange } from '../ports/stacks.ts';
import type { DirectCall } from '../reconcile/plan-capacity.ts';

const longestValue = 60;

/** Names of properties whose values are never shown, whatever CloudFormation tells. */
const secretive = /secret|password|token|auth|key|userdata|user data/i;

/**
 * A change in one line, without any value that may be secret.
 *
 * @example Modify WebGroup (AWS::AutoScaling::AutoScalingGroup): MaxSize 6 → 8
 */
export function describeChange(change: ResourceChange): string {
  const subject = `${change.action} ${change.logicalId} (${change.resourceType})`;
  const replaced = change.replacement === 'True' || change.replacement === 'Conditional';
  const notes = [
    ...new Set(change.details.map(describeDetail)),
    ...(replaced ? [change.replacement === 'True' ? 'replaces it' : 'may replace it'] : []),
    ...(change.policyAction === undefined ? [] : [`then ${change.policyAction}`]),
  ];
  return notes.length === 0 ? subject : `${subject}: ${notes.join(', ')}`;
}

function describeDetail(detail: ChangeDetail): string {
  const name = detail.name ?? detail.attribute;
  if (detail.beforeValue === undefined && detail.afterValue === undefined) return name;
  if (secretive.test(`${name} ${detail.path ?? ''}`)) return name;
  return `${name} ${shown(detail.beforeValue)} → ${shown(detail.afterValue)}`;
}

function shown(value: string | undefined): string {
  if (value === undefined || value === '') return '(none)';
  const line = value.replace(/\s+/g, ' ').trim();
  return line.length > longestValue ? `${line.slice(0, longestValue - 1)}…` : line;
}

/**
 * A direct call in one line.
 *
 * @example bounds 2..6 → 2..8
 */
export function describeCall(call: DirectCall): string {
  switch (call.kind) {
    case 'set-bounds':
      return `bounds ${call.from.min}..${call.from.max} → ${call.to.min}..${call.to.max}`;
    case 'put-cpu-policy':
      return call.fromPercent === undefined
        ? `target CPU ${call.targetPercent} %`
        : `target CPU ${call.fromPercent} % → ${call.targetPercent} %`;
    default:
      return assertNever(call);
  }
}
