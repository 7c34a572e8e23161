import type { Check } from './check.ts';

const dayMilliseconds = 86_400_000;
const longestOverrideDays = 7;

/** An override ends soon: one that is forgotten must not leave the gates open. One that was accepted stays accepted. */
export const overrideEnds: Check = {
  reads: ['reconcile.override'],
  run: ({ reconcile: { override } }, { now, lastApplied }) => {
    if (override === undefined || now === undefined) return [];
    if (lastApplied?.reconcile.override?.until === override.until) return [];
    if (Date.parse(override.until) <= now + longestOverrideDays * dayMilliseconds) return [];
    const latest = new Date(now + longestOverrideDays * dayMilliseconds).toISOString();
    const message = `the override lasts until ${override.until}: at most ${longestOverrideDays} days are allowed, until ${latest}`;
    return [{ path: ['reconcile', 'override', 'until'], message }];
  },
};
