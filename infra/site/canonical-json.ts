/**
 * JSON with sorted keys, two spaces of indentation and a final newline: the same value gives the same bytes whatever the order in which its
 * keys were written. Members that are undefined are left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(withSortedKeys(value), undefined, 2)}\n`;
}

/** The same value with the keys of every object in order; what is written from it, in whatever format, has one order only. */
export function withSortedKeys<T>(value: T): T {
  return sorted(value) as T;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
