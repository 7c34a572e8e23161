import * as v from 'valibot';
import { readJson } from '../read-json.ts';
import type { SiteEvent } from './site-event.ts';

const word = v.object({
  /** What makes it another piece of news: status and reason, or the revision. */
  says: v.string(),
  good: v.boolean(),
});

const toldSchema = v.object({
  /** Epoch milliseconds of the status that something was told of last; an older one is no news. */
  at: v.number(),
  words: v.object({
    Applied: v.exactOptional(word),
    Ready: v.exactOptional(word),
    Stalled: v.exactOptional(word),
    Healthy: v.exactOptional(word),
    Synced: v.exactOptional(word),
  }),
  /** By `eventKey`: when it was told last, and for how long the same is not told again, in milliseconds. */
  quiet: v.record(v.string(), v.object({ at: v.number(), forMs: v.number() })),
});

/** What a site's subscribers were told last. Lost, it costs that the present state is told once more. */
export type Told = v.InferOutput<typeof toldSchema>;
export type Words = Told['words'];
export type Word = v.InferOutput<typeof word>;

export const nothingTold: Told = { at: 0, words: {}, quiet: {} };

/** Reads the JSON text of it; undefined when it is not that. */
export function parseTold(text: string): Told | undefined {
  return readJson(text, toldSchema);
}

const quietMs = 5 * 60_000;
const longestQuietMs = 4 * 3_600_000;

/** Whether the same was told a short while before. */
export function isQuiet(event: SiteEvent, { quiet }: Told): boolean {
  const last = quiet[eventKey(event)];
  return last !== undefined && Date.parse(event.timestamp) - last.at < last.forMs;
}

/** Keeps the same quiet for five minutes, and for twice as long each time that it comes back soon after. */
export function quieted(event: SiteEvent, { quiet }: Told): Told['quiet'] {
  const key = eventKey(event);
  const at = Date.parse(event.timestamp);
  const last = quiet[key];
  const soon = last !== undefined && at - last.at < 2 * last.forMs;
  const still = Object.entries(quiet).filter(([, one]) => at - one.at < 2 * one.forMs);
  return {
    ...Object.fromEntries(still),
    [key]: { at, forMs: soon ? Math.min(2 * last.forMs, longestQuietMs) : quietMs },
  };
}

/** What makes two events the same: everything but when they happened. */
function eventKey({ severity, reason, message, metadata }: SiteEvent): string {
  return JSON.stringify([severity, reason, message, metadata.revision, metadata.condition ?? '']);
}
