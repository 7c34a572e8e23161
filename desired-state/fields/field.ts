import * as v from 'valibot';

/** What changing a field of a running site does. */
const effects = {
  live: 'live, nothing is interrupted',
  rolling: 'rolling: nodes are replaced one after another, in a maintenance window when there is one',
  window: 'needs a maintenance window when there is one: it interrupts for a short time',
  approval: 'needs an approval: it removes or replaces something that does not come back',
  protecting: 'live when it is turned on; needs an approval when it is turned off, for that weakens the site',
  keeping: 'needs an approval: it decides what is kept of backups',
  weakening: 'live when it grows; needs an approval when it shrinks, for that throws away what was kept',
  growing: 'live when it grows; it never shrinks',
  forward: 'needs a maintenance window; never back to an older version',
  never: 'never',
} as const;

/** What changing a field does to a running site. */
export type Effect = keyof typeof effects;

/** A field with what it is, its default and what changing it does. */
export function described<const S extends v.GenericSchema>(
  schema: S,
  text: string,
  effect: Effect,
  byDefault?: string,
) {
  const ending = byDefault === undefined ? '' : ` Default: ${byDefault}.`;
  return v.pipe(schema, v.description(`${text}${ending} Changing it: ${effects[effect]}.`));
}

/** A field that every document must have. */
export function required<const S extends v.GenericSchema>(schema: S, text: string, effect: Effect) {
  return described(schema, text, effect);
}

/** A field with a default. */
export function defaulted<const S extends v.GenericSchema, const D extends v.InferInput<S>>(
  schema: S,
  value: D,
  text: string,
  effect: Effect,
) {
  return v.optional(described(schema, text, effect, JSON.stringify(value)), value);
}

/** A field that may be left out, and then has the meaning that `absent` says. */
export function optional<const S extends v.GenericSchema>(schema: S, absent: string, text: string, effect: Effect) {
  return v.optional(described(schema, text, effect, absent));
}

/** An object that is a part of the document: its fields say the rest. */
export function section<const E extends v.ObjectEntries>(entries: E, text: string) {
  return v.pipe(v.strictObject(entries), v.description(text));
}

/** A whole number of something within limits; the unit is for the message. */
export function whole(min: number, max: number, unit: string) {
  const message = `must be a whole number from ${min} to ${max} (${unit})`;
  return v.pipe(v.number(), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

/** Text of a form that the message says in words. */
export function matching(pattern: RegExp, message: string) {
  return v.pipe(v.string(), v.regex(pattern, message));
}

/** Exactly three of something: one an availability zone. */
export function three<const S extends v.GenericSchema>(item: S) {
  return v.strictTuple([item, item, item]);
}

/** A list without duplicates. */
export function distinct<const S extends v.GenericSchema<string>>(item: S, most: number) {
  return v.pipe(
    v.array(item),
    v.maxLength(most, `at most ${most} entries`),
    v.checkItems((entry, index, all) => all.indexOf(entry) === index, 'stands in the list twice'),
  );
}

/** The form of an IPv4 block in CIDR notation. */
export const cidrPattern =
  /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\/(3[0-2]|[12]?\d)$/;

/** An IPv4 block in CIDR notation; whether it is a network address is checked where it matters. */
export const cidr = matching(cidrPattern, 'must be an IPv4 block in CIDR notation, such as 10.20.0.0/16');

/**
 * Days of retention that CloudWatch Logs accepts.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const logRetentionDays = v.picklist([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
