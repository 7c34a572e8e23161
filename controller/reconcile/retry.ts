/** First delay of a backoff, and its ceiling, in milliseconds. */
const firstDelayMs = 2_000;
const longestDelayMs = 15 * 60_000;

/** A plan that keeps failing for throttling or capacity is left to a person after this many attempts. */
export const planAttemptLimit = 10;

/** Looks in a row that ended in a transient error before the message goes to the dead letters. */
export const transientAttemptLimit = 8;

/**
 * Exponential backoff with jitter.
 *
 * @param attempts attempts made so far, from 1
 * @param jitter from 0 to 1, drawn by the caller
 * @returns milliseconds: between half of the step and all of it, 2 s to 15 min
 */
export function backoffMs(attempts: number, jitter: number): number {
  const step = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(20, Math.max(0, attempts - 1)));
  return Math.round(step * (0.5 + 0.5 * Math.min(1, Math.max(0, jitter))));
}

// The services' own words, as they arrive in a resource's failure reason.
const passing = [
  /throttl/i,
  /rate exceeded/i,
  /too ?many ?requests/i,
  /request ?limit ?exceeded/i,
  /insufficient.{0,40}capacity/i,
  /service ?unavailable/i,
  /internal ?(failure|error|server error)/i,
  /resource ?contention/i,
];

/** Whether a failure reason is of throttling or capacity: such a plan is tried again by itself. */
export function passesWithTime(reason: string): boolean {
  return passing.some((pattern) => pattern.test(reason));
}
