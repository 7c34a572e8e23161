import { sameValue } from '../reconcile/digest.ts';
import type { SiteMemory } from '../reconcile/memory.ts';
import type { Condition } from './conditions.ts';
import { readyOf } from './ready.ts';
import { conditionOf, type Finding, removeCondition, setCondition } from './set-condition.ts';
import type { HealthState, HistoryEntry, SiteStatus, SyncState } from './site-status.ts';

/** What a look has found, in the words of conditions. */
export interface Findings {
  readonly sync: SyncState;
  readonly health: HealthState;
  readonly synced: Finding;
  readonly healthy: Finding;
  /** Present only while True. */
  readonly stalled?: Finding;
  /** Present only while True. */
  readonly reconciling?: Finding;
}

/** Everything else that a status shows. */
export type StatusFacts = Pick<SiteStatus, 'layers' | 'capacity' | 'blockedBy' | 'issues'> &
  Partial<Pick<SiteStatus, 'loadBalancerDnsName' | 'hostedZoneNameServers'>>;

/** What a status is composed of. */
export interface StatusInput {
  readonly site: string;
  readonly before: SiteStatus | undefined;
  /** The commit that was looked at. */
  readonly revision: string;
  readonly findings: Findings;
  readonly facts: StatusFacts;
  readonly memory: SiteMemory;
  /** Epoch milliseconds. */
  readonly dueAt: number | undefined;
  readonly now: number;
}

/** A status to be written, and what is new in its history. */
export interface ComposedStatus {
  readonly status: SiteStatus;
  readonly newEntries: readonly HistoryEntry[];
  /** False: it says what the last one said, so that nothing is to be written. */
  readonly changed: boolean;
}

/** Entries that a status carries; the table keeps more. */
const historyLength = 10;

/** Composes a site's status: conditions with their transition times, history, and what a lost work row is rebuilt from. */
export function composeStatus(input: StatusInput): ComposedStatus {
  const { before, memory, now } = input;
  const at = new Date(now).toISOString();
  const conditions = conditionsOf(input, at);
  const newEntries = historyOf(input, conditions, at);
  const status: SiteStatus = {
    formatVersion: 1,
    site: input.site,
    writer: 'reconcile',
    conditions,
    sync: input.findings.sync,
    health: input.findings.health,
    lastAttemptedRevision: input.revision,
    ...given('lastAppliedRevision', memory.lastApplied?.revision),
    ...given('lastFailedRevision', memory.lastFailedRevision),
    ...given('lastHandledReconcileAt', memory.lastHandledReconcileAt),
    ...input.facts,
    ...given('nextLookAt', input.dueAt === undefined ? undefined : new Date(input.dueAt).toISOString()),
    history: [...newEntries, ...(before?.history ?? [])].slice(0, historyLength),
    memory: withoutTimer(memory),
    updatedAt: at,
  };
  return { status, newEntries, changed: before === undefined || !sameValue(lasting(before), lasting(status)) };
}

function conditionsOf({ before, findings, revision }: StatusInput, at: string): readonly Condition[] {
  const { synced, healthy, stalled, reconciling } = findings;
  const old = before?.conditions ?? [];
  const withParts = [
    ['Synced', synced],
    ['Healthy', healthy],
    ['Stalled', stalled],
    ['Reconciling', reconciling],
    ['Ready', readyOf(findings)],
  ] as const;
  return withParts.reduce<readonly Condition[]>(
    (known, [type, finding]) =>
      finding === undefined ? removeCondition(known, type) : setCondition(known, type, finding, revision, at),
    old,
  );
}

function historyOf(input: StatusInput, conditions: readonly Condition[], at: string): readonly HistoryEntry[] {
  const { before, memory, revision } = input;
  const ready = conditionOf(conditions, 'Ready');
  const old = conditionOf(before?.conditions ?? [], 'Ready');
  const entries: HistoryEntry[] = [];
  const applied = memory.lastApplied?.revision;
  if (applied !== undefined && applied !== before?.lastAppliedRevision) {
    entries.push({ at, revision: applied, reason: 'Succeeded', message: 'applied' });
  }
  if (ready !== undefined && (ready.status !== old?.status || ready.reason !== old.reason)) {
    entries.unshift({ at, revision, reason: ready.reason, message: ready.message });
  }
  return entries;
}

/** A message on its way is of the row alone, and changes with every look. */
function withoutTimer({ timerAt: _, ...memory }: SiteMemory): SiteMemory {
  return memory;
}

/** What makes a status worth writing: not when it was written, nor when the next look is due. */
function lasting({ updatedAt: _, nextLookAt: __, ...rest }: SiteStatus): unknown {
  return rest;
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
