import { assertNever } from '../../desired-state/assert-never.ts';
import type { ChangeDetail, ResourceChange } from '../ports/stacks.ts';
import type { DirectCall } from '../reconcile/plan-capacity.ts';

const longestValue = 60;
const shownBefore = 30;

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
  // Of a value of many parts, each part has names of its own.
  if (secretive.test(`${partNames(detail.beforeValue)} ${partNames(detail.afterValue)}`)) return name;
  return `${name} ${difference(detail.beforeValue, detail.afterValue)}`;
}

/** Names in JSON, save those of tags and filters, which say `Key` and are none. */
function partNames(value = ''): string {
  return [...value.matchAll(/"(\w+)"\s*:/g)]
    .map(([, name]) => name)
    .filter((name) => name !== 'Key')
    .join(' ');
}

/** Both values from a little before where they part, since the beginnings of long ones are alike. */
function difference(before = '', after = ''): string {
  const [one, other] = [oneLine(before), oneLine(after)];
  const long = Math.max(one.length, other.length) > longestValue;
  const parting = [...one].findIndex((character, index) => character !== other[index]);
  const start = long ? Math.max(0, (parting < 0 ? one.length : parting) - shownBefore) : 0;
  return `${shown(one, start)} → ${shown(other, start)}`;
}

function oneLine(value: string): string {
  return value.replace(/\s+/g, ' ').trim();
}

function shown(line: string, start: number): string {
  if (line === '') return '(none)';
  const end = line.length - start > longestValue ? start + longestValue - 1 : line.length;
  return `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
}

/** A number of things. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
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
