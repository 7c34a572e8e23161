import type { Condition, ConditionType, Reason } from './conditions.ts';
import { conditionOf } from './set-condition.ts';
import type { SiteStatus } from './site-status.ts';

/** An event for those who subscribed, in the form of Flux's: https://fluxcd.io/flux/components/notification/events/ */
export interface SiteEvent {
  readonly involvedObject: { readonly kind: 'Site'; readonly name: string };
  readonly severity: 'info' | 'error';
  /** ISO 8601. */
  readonly timestamp: string;
  readonly message: string;
  readonly reason: Reason;
  readonly metadata: { readonly revision: string; readonly condition?: ConditionType };
  readonly reportingController: 'nextcloud-gitops';
}

/** An event as it is published. */
export interface Announcement {
  readonly subject: string;
  /** The event as JSON text. */
  readonly body: string;
  /** For subscriptions to filter by. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The latest time (epoch milliseconds) of each event, by `eventKey`. */
export type SentEvents = Readonly<Record<string, number>>;

const quietMs = 5 * 60_000;
const watched: readonly ConditionType[] = ['Ready', 'Stalled', 'Healthy', 'Synced'];
/** Reasons of what only takes its course: everyone who commits knows. */
const routine: ReadonlySet<Reason> = new Set(['Progressing', 'DependencyNotReady', 'RollingOut']);

/**
 * The events that the change of a status is worth: a condition that changed its status or reason, and a revision that was applied.
 * Several conditions that say the same are one event.
 */
export function eventsOf(before: SiteStatus | undefined, after: SiteStatus): readonly SiteEvent[] {
  const events = watched.flatMap((type) => transitionEvent(type, before, after) ?? []);
  const applied = after.lastAppliedRevision;
  if (applied !== undefined && applied !== before?.lastAppliedRevision) {
    events.unshift(event(after, 'Succeeded', `revision ${applied} is applied`, 'info', { revision: applied }));
  }
  return events.filter((one, index) => events.findIndex((other) => sameNews(one, other)) === index);
}

/** Leaves out what was sent in the last five minutes. Times are those of the events, so that a repeated call gives the same. */
export function withoutRepeats(
  events: readonly SiteEvent[],
  sent: SentEvents,
): { readonly fresh: readonly SiteEvent[]; readonly sent: SentEvents } {
  const known: Record<string, number> = { ...sent };
  const fresh = events.filter((one) => {
    const at = Date.parse(one.timestamp);
    const last = known[eventKey(one)];
    if (last !== undefined && at - last < quietMs) return false;
    known[eventKey(one)] = at;
    return true;
  });
  const newest = Math.max(0, ...Object.values(known));
  return { fresh, sent: Object.fromEntries(Object.entries(known).filter(([, at]) => newest - at < quietMs)) };
}

/** What makes two events the same: everything but when they happened. */
export function eventKey({ involvedObject, severity, reason, message, metadata }: SiteEvent): string {
  return JSON.stringify([involvedObject.name, severity, reason, message, metadata.revision, metadata.condition ?? '']);
}

/** What is published of a status's change. */
export function announcementsOf(before: SiteStatus | undefined, after: SiteStatus): readonly Announcement[] {
  return eventsOf(before, after).map((one) => ({
    subject: `${one.involvedObject.name}: ${one.reason}`,
    body: JSON.stringify(one),
    attributes: {
      site: one.involvedObject.name,
      severity: one.severity,
      reason: one.reason,
      ...(one.metadata.condition === undefined ? {} : { condition: one.metadata.condition }),
    },
  }));
}

function transitionEvent(
  type: ConditionType,
  before: SiteStatus | undefined,
  after: SiteStatus,
): SiteEvent | undefined {
  const now = conditionOf(after.conditions, type);
  const then = conditionOf(before?.conditions ?? [], type);
  // Stalled that went away is told by Ready.
  if (now === undefined || (now.status === then?.status && now.reason === then.reason)) return undefined;
  if (now.status !== 'True' && routine.has(now.reason)) return undefined;
  const metadata = { revision: now.observedRevision, condition: type };
  return event(after, now.reason, now.message, severityOf(now), metadata, now.lastTransitionTime);
}

function severityOf({ type, status, reason }: Condition): SiteEvent['severity'] {
  if (type === 'Stalled') return 'error';
  const waits: readonly Reason[] = [
    'AwaitingApproval',
    'AwaitingWindow',
    'Suspended',
    'Orphaned',
    'ProgressingWithRetry',
  ];
  return status === 'True' || waits.includes(reason) ? 'info' : 'error';
}

function event(
  status: SiteStatus,
  reason: Reason,
  message: string,
  severity: SiteEvent['severity'],
  metadata: SiteEvent['metadata'],
  timestamp = status.updatedAt,
): SiteEvent {
  const involvedObject = { kind: 'Site', name: status.site } as const;
  return { involvedObject, severity, timestamp, message, reason, metadata, reportingController: 'nextcloud-gitops' };
}

function sameNews(a: SiteEvent, b: SiteEvent): boolean {
  return a.reason === b.reason && a.message === b.message && a.severity === b.severity;
}
