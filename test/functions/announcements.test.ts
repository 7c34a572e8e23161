import { expect, it } from 'vitest';
import { emptyMemory } from '../../controller/reconcile/memory.ts';
import type { HistoryEntry, SiteStatus } from '../../controller/status/site-status.ts';
import { announcementsOf } from '../../functions/notify/announcements.ts';
import { planPage } from '../../functions/notify/plan-page.ts';

function status(history: readonly HistoryEntry[], fields: Partial<SiteStatus> = {}): SiteStatus {
  return {
    formatVersion: 1,
    site: 'production',
    writer: 'reconcile',
    conditions: [],
    sync: 'OutOfSync',
    health: 'Unknown',
    layers: [],
    capacity: [],
    blockedBy: [],
    issues: [],
    history,
    memory: emptyMemory,
    updatedAt: '2026-11-25T03:00:00.000Z',
    ...fields,
  };
}

const applied: HistoryEntry = {
  at: '2026-11-25T03:00:00.000Z',
  revision: 'r1',
  reason: 'Succeeded',
  message: 'applied',
};
const failed: HistoryEntry = {
  at: '2026-11-25T03:05:00.000Z',
  revision: 'r2',
  reason: 'InvalidDocument',
  message: 'no',
};

it('is worth a notification for each new entry, oldest first', () => {
  const attributes = announcementsOf(undefined, status([failed, applied])).map((one) => one.attributes);
  expect(attributes).toEqual([
    { site: 'production', reason: 'Succeeded', severity: 'info' },
    { site: 'production', reason: 'InvalidDocument', severity: 'error' },
  ]);
});

it('is worth nothing when the history says nothing new', () => {
  expect(announcementsOf(status([applied]), status([applied], { sync: 'Synced' }))).toEqual([]);
  expect(announcementsOf(status([applied]), status([failed, applied]))).toHaveLength(1);
});

it('shows on one page how a site is, what is planned, what holds it and what to approve', () => {
  const page = planPage(
    status([failed], {
      lastAttemptedRevision: 'r2',
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'AwaitingApproval',
          message: 'web waits',
          observedRevision: 'r2',
          lastTransitionTime: failed.at,
        },
      ],
      layers: [
        {
          layer: 'web',
          stackName: 'nextcloud-site-production-web',
          state: 'blocked',
          message: 'waits',
          planDigest: 'd1',
          risk: 'destructive',
          changes: ['Modify LoadBalancer: Scheme'],
        },
      ],
      blockedBy: [{ gate: 'approval', subject: 'web', reason: 'AwaitingApproval', message: 'approve d1' }],
      capacity: ['bounds 2..6 → 2..8'],
    }),
  );
  for (const text of [
    '# production',
    '**Ready** False (AwaitingApproval): web waits',
    '## Layer web: blocked',
    'Plan digest: `d1`',
    '- Modify LoadBalancer: Scheme',
    '**approval** holds web: approve d1',
    '- bounds 2..6 → 2..8',
  ]) {
    expect(page).toContain(text);
  }
});

it('lets nothing of a document become Markdown or HTML', () => {
  const hostile = '<img src=x>\n# [a](javascript:b) `c`';
  const page = planPage(status([], { issues: [{ path: 'a`b', line: 1, column: 2, message: hostile }] }));
  expect(page).toContain('line 1, column 2, `a b`: \\<img src=x\\> \\# \\[a\\](javascript:b) \\`c\\`');
});
