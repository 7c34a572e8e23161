import type { ChangeDetail } from '../ports/stacks.ts';

/** What a rule calls the days that something is kept: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html */
const keepingDays: ReadonlySet<string> = new Set(['ExpirationInDays', 'NoncurrentDays']);

/**
 * Whether a change of a bucket's lifecycle only keeps things longer: the same rules, with more days. CloudFormation gives the
 * values of one number, by its path, or of the whole property as JSON; what cannot be told counts as no.
 */
export function keepsLonger({ path, beforeValue, afterValue }: ChangeDetail): boolean {
  const before = jsonOf(beforeValue);
  const after = jsonOf(afterValue);
  const changed = path?.split('/').at(-1) ?? '';
  if (keepingDays.has(changed)) return Number(after) > Number(before);
  return typeof before === 'object' && before !== null && sameButLonger(before, after);
}

function sameButLonger(before: unknown, after: unknown, key = ''): boolean {
  if (typeof before === 'object' && before !== null && typeof after === 'object' && after !== null) {
    const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
    const keys = new Set([...old.keys(), ...now.keys()]);
    return [...keys].every((each) => sameButLonger(old.get(each), now.get(each), each));
  }
  return (
    before === after || String(before) === String(after) || (keepingDays.has(key) && Number(after) > Number(before))
  );
}

function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A value that is no JSON is itself.
    return text;
  }
}
