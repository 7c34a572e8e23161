import * as v from 'valibot';

const time = '([01]\\d|2[0-3]):([0-5]\\d)';
const day = '(mon|tue|wed|thu|fri|sat|sun)';
const dayMinutes = 24 * 60;
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A daily window of RDS, for example `02:00-03:00`: UTC, at least 30 minutes (CreateDBInstance, PreferredBackupWindow). */
export const dailyWindow = v.pipe(
  v.string(),
  v.regex(new RegExp(`^${time}-${time}$`), 'must be a daily window in UTC, such as 02:00-03:00'),
  v.check((text) => lengthOf(daily(text), dayMinutes) >= 30, 'must last at least 30 minutes'),
);

/** A weekly window of RDS, for example `sun:03:30-sun:04:30`: UTC, at least 30 minutes, less than a day. */
export const weeklyWindow = v.pipe(
  v.string(),
  v.regex(new RegExp(`^${day}:${time}-${day}:${time}$`), 'must be a weekly window in UTC, such as sun:03:30-sun:04:30'),
  v.check((text) => lengthOf(weekly(text), 7 * dayMinutes) >= 30, 'must last at least 30 minutes'),
  v.check((text) => lengthOf(weekly(text), 7 * dayMinutes) < dayMinutes, 'must last less than 24 hours'),
);

/** Minutes from the start of the day or week; the end may lie beyond it, or before the start when it wraps. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

function daily(text: string): Span {
  const [start = '', end = ''] = text.split('-');
  return { start: minutes(start), end: minutes(end) };
}

function weekly(text: string): Span {
  const at = (part: string): number => days.indexOf(part.slice(0, 3)) * dayMinutes + minutes(part.slice(4));
  const [start = '', end = ''] = text.split('-');
  return { start: at(start), end: at(end) };
}

const lengthOf = ({ start, end }: Span, period: number): number => (end - start + period) % period;

/** Whether a daily and a weekly window share a minute. Both must have the form that the schema asks for. */
export function windowsOverlap(dailyText: string, weeklyText: string): boolean {
  const week = weekly(weeklyText);
  const weekLength = lengthOf(week, 7 * dayMinutes);
  const one = daily(dailyText);
  const oneLength = lengthOf(one, dayMinutes);
  return days.some((_, index) => {
    const start = index * dayMinutes + one.start;
    const period = 7 * dayMinutes;
    const after = (start - week.start + period) % period;
    const before = (week.start - start + period) % period;
    return after < weekLength || before < oneLength;
  });
}
