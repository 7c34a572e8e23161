import type { Lease, WorkRow } from '../ports/work-rows.ts';
import type { SiteMemory } from '../reconcile/memory.ts';
import { defined } from './defined.ts';
import { type Item, numberOf } from './table.ts';

/** The work row that an item holds. */
export function workRowOf(site: string, item: Readonly<Item>): WorkRow {
  return {
    site,
    generation: numberOf(item['generation']) ?? 0,
    ...defined({ requestedAt: item['requestedAt']?.S, memory: memoryOf(item['memory']?.S) }),
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

/** Undefined for memory that is missing, or of a format that this code does not know: the status file is read instead. */
function memoryOf(text: string | undefined): SiteMemory | undefined {
  if (text === undefined) return undefined;
  const memory: unknown = JSON.parse(text);
  return isMemory(memory) ? memory : undefined;
}

function isMemory(value: unknown): value is SiteMemory {
  if (typeof value !== 'object' || value === null) return false;
  const { formatVersion, layers, transientAttempts } = value as Partial<SiteMemory>;
  return formatVersion === 1 && typeof layers === 'object' && layers !== null && typeof transientAttempts === 'number';
}
