import * as v from 'valibot';

interface FieldRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const minute: FieldRule = { name: 'minute', min: 0, max: 59 };
const hour: FieldRule = { name: 'hour', min: 0, max: 23 };
const dayOfMonth: FieldRule = { name: 'day of month', min: 1, max: 31 };
const month: FieldRule = { name: 'month', min: 1, max: 12, names: months };
const year: FieldRule = { name: 'year', min: 1970, max: 2199 };
/** Of POSIX cron: 0 and 7 are Sunday. */
const dayOfWeek: FieldRule = { name: 'day of week', min: 0, max: 7, names: weekdays };
/** Of AWS: 1 is Sunday. */
const awsDayOfWeek: FieldRule = { name: 'day of week', min: 1, max: 7, names: weekdays };

/** Whether a field is a list of `*`, values and ranges, each with a step or not. */
function fits(text: string, rule: FieldRule): boolean {
  return text.split(',').every((part) => partFits(part, rule));
}

function partFits(part: string, rule: FieldRule): boolean {
  const match = /^(?:(\*)|([a-z]{3}|\d{1,4})(?:-([a-z]{3}|\d{1,4}))?)(?:\/(\d{1,4}))?$/i.exec(part);
  if (match === null) return false;
  const [, star, from, to, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > rule.max)) return false;
  if (star !== undefined) return true;
  const first = numberOf(from ?? '', rule);
  const last = to === undefined ? first : numberOf(to, rule);
  return first !== undefined && last !== undefined && first <= last;
}

function numberOf(text: string, rule: FieldRule): number | undefined {
  const index = rule.names?.indexOf(text.toLowerCase()) ?? -1;
  if (index >= 0) return index + rule.min;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= rule.min && value <= rule.max ? value : undefined;
}

/** Says what is wrong with a cron expression of five fields, as windows have it; undefined when nothing is. */
export function fiveFieldFault(text: string): string | undefined {
  const fields = text.split(' ');
  const rules = [minute, hour, dayOfMonth, month, dayOfWeek];
  if (fields.length !== rules.length) return 'must have five fields: minute, hour, day of month, month, day of week';
  const wrong = rules.find((rule, index) => !fits(fields[index] ?? '', rule));
  return wrong === undefined
    ? undefined
    : `the ${wrong.name} must be *, or ${wrong.min} to ${wrong.max}, as a list, range or step`;
}

/**
 * Says what is wrong with a schedule of AWS Backup: `cron(minute hour day-of-month month day-of-week year)` in UTC, of which
 * one of the two days is `?`. Of AWS's special letters only `L` is taken. undefined when nothing is wrong.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
 */
export function scheduleFault(text: string): string | undefined {
  const fields = /^cron\((\S+(?: \S+){5})\)$/.exec(text)?.[1]?.split(' ');
  if (fields === undefined)
    return 'must be cron(minute hour day-of-month month day-of-week year), such as cron(0 3 * * ? *)';
  const [minutes = '', hours = '', days = '', monthsText = '', weekday = '', years = ''] = fields;
  if ((days === '?') === (weekday === '?')) return 'exactly one of day of month and day of week must be ?';
  if (!/^\d+$/.test(minutes)) return 'the minute must be one number: AWS Backup runs a plan at most once an hour';
  const parts: [string, FieldRule][] = [
    [minutes, minute],
    [hours, hour],
    [days === '?' || days === 'L' ? '*' : days, dayOfMonth],
    [monthsText, month],
    [weekday === '?' ? '*' : weekday, awsDayOfWeek],
    [years, year],
  ];
  const wrong = parts.find(([part, rule]) => !fits(part, rule))?.[1];
  return wrong === undefined
    ? undefined
    : `the ${wrong.name} must be *, or ${wrong.min} to ${wrong.max}, as a list, range or step`;
}

const described = (faultOf: (text: string) => string | undefined) =>
  v.rawCheck<string>(({ dataset, addIssue }) => {
    const message = dataset.typed && dataset.value.length <= 200 ? faultOf(dataset.value) : 'at most 200 characters';
    if (message !== undefined) addIssue({ message });
  });

/** The start of a window: a cron expression of five fields. */
export const fiveFieldCron = v.pipe(v.string(), described(fiveFieldFault));

/** A schedule of AWS Backup. */
export const scheduleExpression = v.pipe(v.string(), described(scheduleFault));
