import type { Finding } from './set-condition.ts';

/** Ready = Synced and Healthy and not Stalled; its reason is that of the first which is not so. */
export function readyOf(findings: {
  readonly synced: Finding;
  readonly healthy: Finding;
  readonly stalled?: Finding;
}): Finding {
  const { synced, healthy, stalled } = findings;
  if (stalled !== undefined) return { ...stalled, status: 'False' };
  if (synced.status !== 'True') return synced;
  if (healthy.status !== 'True') return healthy;
  return { status: 'True', reason: 'Succeeded', message: 'synced and healthy' };
}
