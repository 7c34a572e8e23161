import type { HistoryEntry, SiteStatus } from '../status/site-status.ts';

/** Status items of one writer; merged on read by those who show them. */
export interface Statuses {
  read(site: string): Promise<SiteStatus | undefined>;
  /** One write: the status item and its new history entries, together. */
  write(status: SiteStatus, history: readonly HistoryEntry[]): Promise<void>;
  /** The status file of the bucket, for a site whose row is missing; undefined when there is none or it is unreadable. */
  readFile(site: string): Promise<SiteStatus | undefined>;
}
