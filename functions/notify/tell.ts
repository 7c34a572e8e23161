import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { Announcement } from '../../controller/aws/notifications.ts';
import type { Log } from '../../controller/ports/observability.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import { asError } from '../error.ts';
import { type StatusChange, statusChanges } from './status-changes.ts';

/** What telling needs. */
export interface TellPorts {
  /** Every writer's status of a site, as it is now. */
  readonly statusesOf: (site: string) => Promise<readonly SiteStatus[]>;
  /** Writes the files for people, from all writers' statuses. */
  readonly writeFiles: (site: string, statuses: readonly SiteStatus[]) => Promise<void>;
  /** What a change is worth to those who subscribed. */
  readonly announcementsOf: (before: SiteStatus | undefined, after: SiteStatus) => readonly Announcement[];
  readonly publish: (announcement: Announcement) => Promise<void>;
  readonly log: Log;
}

/**
 * Tells what changed: the files for people from the statuses as they are now, then a notification for what each record
 * says. Everything may happen twice: files are written whole, and a notification says when its change was.
 *
 * @returns the first record that failed; Lambda delivers it and all behind it again
 */
export async function tell(records: readonly DynamoDBRecord[], ports: TellPorts): Promise<DynamoDBBatchResponse> {
  const changes = statusChanges(records);
  const written = new Map<string, Promise<void>>();
  for (const change of changes) {
    try {
      if (!written.has(change.site)) written.set(change.site, refreshFiles(change.site, ports));
      await written.get(change.site);
      await announce(change, ports);
    } catch (thrown) {
      // Changes of a site are told in their order, so none behind this one is.
      const { site, sequenceNumber } = change;
      ports.log.error('change not told', { site, sequenceNumber, error: asError(thrown) });
      return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}

async function refreshFiles(site: string, ports: TellPorts): Promise<void> {
  const statuses = await ports.statusesOf(site);
  if (statuses.length > 0) await ports.writeFiles(site, statuses);
}

async function announce({ site, before, after }: StatusChange, ports: TellPorts): Promise<void> {
  if (after === undefined) return;
  for (const announcement of ports.announcementsOf(before, after)) {
    await ports.publish(announcement);
    ports.log.info('notification published', { site, ...announcement.attributes });
  }
}
