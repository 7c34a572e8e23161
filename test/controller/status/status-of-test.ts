import { emptyMemory } from '../../../controller/reconcile/memory.ts';
import type { Condition } from '../../../controller/status/conditions.ts';
import type { SiteStatus } from '../../../controller/status/site-status.ts';

export function condition(type: Condition['type'], more: Partial<Condition> = {}): Condition {
  return {
    type,
    status: 'True',
    reason: 'Succeeded',
    message: 'as it should be',
    observedRevision: 'commit-1',
    lastTransitionTime: '2026-11-25T06:00:00.000Z',
    ...more,
  };
}

export function statusOf(more: Partial<SiteStatus> = {}): SiteStatus {
  return {
    formatVersion: 1,
    site: 'prod',
    writer: 'reconcile',
    conditions: [condition('Ready'), condition('Healthy'), condition('Synced')],
    sync: 'Synced',
    health: 'Healthy',
    lastAttemptedRevision: 'commit-1',
    lastAppliedRevision: 'commit-1',
    layers: [],
    capacity: [],
    blockedBy: [],
    issues: [],
    history: [],
    memory: emptyMemory,
    updatedAt: '2026-11-25T06:00:00.000Z',
    ...more,
  };
}
