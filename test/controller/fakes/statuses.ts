import type { Statuses } from '../../../controller/ports/statuses.ts';
import type { HistoryEntry, SiteStatus } from '../../../controller/status/site-status.ts';

/** Status items and the status file; stored as text, so that nothing is shared with those who read it. */
export class FakeStatuses implements Statuses {
  readonly items = new Map<string, string>();
  readonly files = new Map<string, string>();
  readonly history: HistoryEntry[] = [];
  writes = 0;

  async read(site: string): Promise<SiteStatus | undefined> {
    return statusOf(this.items.get(site));
  }

  async write(status: SiteStatus, history: readonly HistoryEntry[]): Promise<void> {
    this.writes += 1;
    this.items.set(status.site, JSON.stringify(status));
    this.files.set(status.site, JSON.stringify(status));
    this.history.push(...history);
  }

  async readFile(site: string): Promise<SiteStatus | undefined> {
    return statusOf(this.files.get(site));
  }
}

function statusOf(text: string | undefined): SiteStatus | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as SiteStatus);
}
