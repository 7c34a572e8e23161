import type { Announcement } from '../../controller/aws/notifications.ts';
import type { Reason } from '../../controller/status/conditions.ts';
import type { HistoryEntry, SiteStatus } from '../../controller/status/site-status.ts';

/** Reasons that a person should look at; the others tell how it goes. */
const errors: ReadonlySet<Reason> = new Set([
  'ReconciliationFailed',
  'BuildFailed',
  'ArtifactFailed',
  'HealthCheckFailed',
  'ChangeSetFailed',
  'StackRollbackFailed',
  'UnrecoverableStackFailure',
  'RetryLimitReached',
  'InvalidDocument',
  'ForbiddenChange',
  'LaunchBrake',
] satisfies readonly Reason[]);

/**
 * The notifications that a change of status is worth: one for each entry that is new in its history, in the order in
 * which they happened. A status that says the same as before has no new entry, so a delivery that comes twice is the only
 * way to hear of one twice.
 */
export function announcementsOf(before: SiteStatus | undefined, after: SiteStatus): readonly Announcement[] {
  const known = new Set((before?.history ?? []).map(identity));
  return after.history
    .filter((entry) => !known.has(identity(entry)))
    .toReversed()
    .map((entry) => announcement(after.site, entry));
}

function identity({ at, revision, reason, message }: HistoryEntry): string {
  return JSON.stringify([at, revision, reason, message]);
}

/** The form of Flux's events: https://fluxcd.io/flux/components/notification/events/ */
function announcement(site: string, { at, revision, reason, message }: HistoryEntry): Announcement {
  const severity = errors.has(reason) ? 'error' : 'info';
  const body = {
    involvedObject: { kind: 'Site', name: site },
    severity,
    timestamp: at,
    message,
    reason,
    metadata: { revision },
    reportingController: 'reconcile',
  };
  return {
    subject: `${site}: ${reason}`,
    body: JSON.stringify(body),
    attributes: { site, reason, severity },
  };
}
