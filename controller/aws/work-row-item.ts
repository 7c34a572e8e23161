import type { Lease, WorkRow } from '../ports/work-rows.ts';
import type { SiteMemory } from '../reconcile/memory.ts';
import { readMemory } from '../reconcile/read-memory.ts';
import { defined } from './defined.ts';
import { type Item, numberOf } from './table.ts';

/** The work row that an item holds. */
export function workRowOf(site: string, item: Readonly<Item>): WorkRow {
  return {
    site,
    generation: numberOf(item['generation']) ?? 0,
    ...defined({ requestedAt: item['requestedAt']?.S, memory: memoryOf(item) }),
  };
}

/** Whether the item is still leased to this very lease. */
export function leaseOf(item: Readonly<Item> | undefined, { holder, generation }: Lease): boolean {
  return item?.['holder']?.S === holder && numberOf(item['generation']) === generation;
}

/** How memory is stored: one attribute of text, because nothing is queried by it. */
export function memoryText(memory: SiteMemory): string {
  return JSON.stringify(memory);
}

/** Undefined for memory that is missing, or not readable: the status is read instead. */
function memoryOf(item: Readonly<Item>): SiteMemory | undefined {
  const text = item['memory']?.S;
  return text === undefined ? undefined : readMemory(text);
}
