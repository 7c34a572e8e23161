import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { Log } from '../../controller/ports/observability.ts';
import { newsOf } from '../../controller/status/news.ts';
import { type Announcement, announcementOf } from '../../controller/status/site-event.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import type { Told } from '../../controller/status/told.ts';
import { asError } from '../error.ts';
import { type StatusChange, statusChanges } from './status-changes.ts';

/** What telling needs. */
export interface TellPorts {
  /** Every writer's status of a site, as it is now. */
  readonly statusesOf: (site: string) => Promise<readonly SiteStatus[]>;
  /** Writes the files for people, from all writers' statuses. */
  readonly writeFiles: (site: string, statuses: readonly SiteStatus[]) => Promise<void>;
  /** What was told of a site last. */
  readonly told: (site: string) => Promise<Told>;
  readonly rememberTold: (site: string, told: Told) => Promise<void>;
  readonly publish: (announcement: Announcement) => Promise<void>;
  readonly log: Log;
}

/**
 * Tells what changed: the files for people from the statuses as they are now, then a notification for each record that is news.
 * Everything may happen twice: files are written whole, and what was told is no news.
 *
 * One site that cannot be told of holds no other one, but after it the sites behind it are delivered again: Lambda continues from
 * the lowest sequence number that failed. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 *
 * @returns the first record that failed
 */
export async function tell(records: readonly DynamoDBRecord[], ports: TellPorts): Promise<DynamoDBBatchResponse> {
  const written = new Map<string, Promise<void>>();
  const failed = new Map<string, string>();
  for (const change of statusChanges(records)) {
    const { site, sequenceNumber } = change;
    // Changes of a site are told in their order, so none behind one that failed is.
    if (failed.has(site)) continue;
    try {
      if (!written.has(site)) written.set(site, refreshFiles(site, ports));
      await written.get(site);
      await announce(change, ports);
    } catch (thrown) {
      ports.log.error('change not told', { site, sequenceNumber, error: asError(thrown) });
      failed.set(site, sequenceNumber);
    }
  }
  return { batchItemFailures: [...failed.values()].slice(0, 1).map((itemIdentifier) => ({ itemIdentifier })) };
}

async function refreshFiles(site: string, ports: TellPorts): Promise<void> {
  const statuses = await ports.statusesOf(site);
  if (statuses.length > 0) await ports.writeFiles(site, statuses);
}

async function announce({ site, status }: StatusChange, ports: TellPorts): Promise<void> {
  if (status === undefined) return;
  const { events, told } = newsOf(status, await ports.told(site));
  for (const event of events) {
    const announcement = announcementOf(event);
    await ports.publish(announcement);
    ports.log.info('notification published', { site, ...announcement.attributes });
  }
  // Afterwards: what could not be published is told again.
  if (events.length > 0) await ports.rememberTold(site, told);
}
