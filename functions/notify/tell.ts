import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { Log } from '../../controller/ports/observability.ts';
import {
  type Announcement,
  announcementsOf,
  eventsOf,
  type SentEvents,
  withoutRepeats,
} from '../../controller/status/notification.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import { asError } from '../error.ts';
import { type StatusChange, statusChanges } from './status-changes.ts';

/** What telling needs. */
export interface TellPorts {
  /** Every writer's status of a site, as it is now. */
  readonly statusesOf: (site: string) => Promise<readonly SiteStatus[]>;
  /** Writes the files for people, from all writers' statuses. */
  readonly writeFiles: (site: string, statuses: readonly SiteStatus[]) => Promise<void>;
  /** When each of a site's events was published last. */
  readonly sentEvents: (site: string) => Promise<SentEvents>;
  readonly rememberSent: (site: string, sent: SentEvents) => Promise<void>;
  readonly publish: (announcement: Announcement) => Promise<void>;
  readonly log: Log;
}

/**
 * Tells what changed: the files for people from the statuses as they are now, then a notification for what each record
 * says. Everything may happen twice: files are written whole,
 * and what was published in the last five minutes is not published again.
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
  const events = eventsOf(before, after);
  if (events.length === 0) return;
  const { fresh, sent } = withoutRepeats(events, await ports.sentEvents(site));
  const worthIt = new Set(fresh.map((event) => JSON.stringify(event)));
  for (const announcement of announcementsOf(before, after).filter(({ body }) => worthIt.has(body))) {
    await ports.publish(announcement);
    ports.log.info('notification published', { site, ...announcement.attributes });
  }
  // Afterwards: what could not be published is told again.
  if (fresh.length > 0) await ports.rememberSent(site, sent);
}
