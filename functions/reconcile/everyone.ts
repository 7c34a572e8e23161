import type { DueRow } from '../../controller/aws/work-rows.ts';
import type { Documents } from '../../controller/ports/documents.ts';
import type { Log, Metrics } from '../../controller/ports/observability.ts';
import type { Stacks } from '../../controller/ports/stacks.ts';
import type { Bell, WorkRows } from '../../controller/ports/work-rows.ts';

/** What ringing for more than one site needs. */
export interface EveryonePorts {
  readonly rows: WorkRows;
  readonly dueRows: (now: number, limit: number) => Promise<readonly DueRow[]>;
  readonly documents: Documents;
  readonly stacks: Stacks;
  readonly bell: Bell;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** One query's worth; the rest is due a minute later too. */
const dueLimit = 1_000;
/** Writes at once: a thousand sites are marked in seconds. */
const writesAtOnce = 25;

/** Rings for every site that is due, and measures how long the first of them has waited. */
export async function ringForDue(now: number, ports: EveryonePorts): Promise<void> {
  const due = await ports.dueRows(now, dueLimit);
  await ports.bell.ring(
    due.map(({ site }) => site),
    0,
  );
  const oldest = due[0];
  ports.metrics.count('SitesDue', due.length);
  ports.metrics.milliseconds('AgeOfOldestDue', oldest === undefined ? 0 : now - oldest.dueAt);
}

/** Marks and rings for every site that has a document or stacks: what no event told is found again. */
export async function resync(now: number, ports: EveryonePorts): Promise<void> {
  const [documents, stacked] = await Promise.all([ports.documents.list(), ports.stacks.listSites()]);
  const sites = [...new Set([...documents.sites, ...stacked])];
  if (documents.strangers.length > 0) {
    ports.log.warn('objects that are no documents', { keys: documents.strangers.slice(0, 20) });
  }
  for (let start = 0; start < sites.length; start += writesAtOnce) {
    await Promise.all(sites.slice(start, start + writesAtOnce).map((site) => ports.rows.mark(site, now)));
  }
  await ports.bell.ring(sites, 0);
  ports.log.info('resync completed', { sites: sites.length });
  ports.metrics.count('ResyncCompleted', 1);
}
