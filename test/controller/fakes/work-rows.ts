import type {
  Bell,
  Lease,
  LeaseOutcome,
  ReleaseOutcome,
  WorkRow,
  WorkRows,
} from '../../../controller/ports/work-rows.ts';
import type { SiteMemory } from '../../../controller/reconcile/memory.ts';

interface Row {
  generation: number;
  holder?: string;
  leaseUntil: number;
  dirty: boolean;
  dueAt?: number;
  requestedAt?: string;
  /** JSON text, as in a table: nothing is shared with those who read it. */
  memory?: string;
}

/** Work rows in memory, with the conditions of the table's writes. */
export class FakeWorkRows implements WorkRows {
  readonly rows = new Map<string, Row>();

  async lease(site: string, holder: string, now: number, leaseMs: number, requestedAt?: string): Promise<LeaseOutcome> {
    const row: Row = this.rows.get(site) ?? { generation: 0, leaseUntil: 0, dirty: false };
    this.rows.set(site, row);
    if (requestedAt !== undefined) row.requestedAt = requestedAt;
    if (row.holder !== undefined && row.leaseUntil > now) {
      row.dirty = true;
      return { kind: 'held' };
    }
    Object.assign(row, {
      generation: row.generation + 1,
      holder,
      leaseUntil: now + leaseMs,
      dueAt: now + leaseMs,
      dirty: false,
    });
    const lease = { site, holder, generation: row.generation };
    return { kind: 'leased', lease, row: rowOf(site, row) };
  }

  async remember(lease: Lease, memory: SiteMemory): Promise<boolean> {
    const row = this.#held(lease);
    if (row !== undefined) row.memory = JSON.stringify(memory);
    return row !== undefined;
  }

  async release(lease: Lease, memory: SiteMemory, dueAt: number | undefined): Promise<ReleaseOutcome> {
    const row = this.#held(lease);
    if (row === undefined) return { kind: 'lost' };
    const { dirty } = row;
    row.memory = JSON.stringify(memory);
    delete row.holder;
    delete row.dueAt;
    const due = dirty ? 0 : dueAt;
    if (due !== undefined) row.dueAt = due;
    row.dirty = false;
    return { kind: dirty ? 'dirty' : 'released' };
  }

  async mark(site: string, dueAt: number): Promise<void> {
    const row: Row = this.rows.get(site) ?? { generation: 0, leaseUntil: 0, dirty: false };
    this.rows.set(site, row);
    if (row.holder !== undefined) row.dirty = true;
    else row.dueAt = Math.min(dueAt, row.dueAt ?? dueAt);
  }

  async due(now: number, limit: number): Promise<readonly string[]> {
    const due = [...this.rows].filter(([, row]) => row.dueAt !== undefined && row.dueAt <= now);
    return due
      .sort(([, a], [, b]) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
      .slice(0, limit)
      .map(([site]) => site);
  }

  #held({ site, holder, generation }: Lease): Row | undefined {
    const row = this.rows.get(site);
    return row?.holder === holder && row.generation === generation ? row : undefined;
  }
}

function rowOf(site: string, { generation, requestedAt, memory }: Row): WorkRow {
  return {
    site,
    generation,
    ...(requestedAt === undefined ? {} : { requestedAt }),
    ...(memory === undefined ? {} : { memory: JSON.parse(memory) as SiteMemory }),
  };
}

/** A queue: messages with the moment when they are delivered. */
export class FakeBell implements Bell {
  messages: { readonly site: string; readonly at: number }[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async ring(sites: readonly string[], delaySeconds: number): Promise<void> {
    for (const site of sites) this.messages.push({ site, at: this.#now() + delaySeconds * 1_000 });
  }

  /** Takes the messages that are to be delivered now; as a queue does, the earliest first. */
  take(now: number): readonly string[] {
    const ready = this.messages.filter((one) => one.at <= now).sort((a, b) => a.at - b.at);
    this.messages = this.messages.filter((one) => one.at > now);
    return ready.map((one) => one.site);
  }
}
