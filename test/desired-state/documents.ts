import { readFileSync } from 'node:fs';
import { type Issue, type ParseContext, parseSite } from '../../desired-state/parse.ts';
import type { Site } from '../../desired-state/site.ts';

export const siteFile = (name: string): URL => new URL(`../../desired-state/sites/${name}.json`, import.meta.url);

/** The value of a committed document, to change and write again. */
export const documentOf = (name: string): Record<string, unknown> => JSON.parse(readFileSync(siteFile(name), 'utf8'));

/** Changes by dotted path; undefined removes. */
export type Changes = Readonly<Record<string, unknown>>;

/** The reference document with changes, as text of many lines. */
export function changed(changes: Changes, name = 'production'): string {
  const document = documentOf(name);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = document;
    for (const key of keys) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return JSON.stringify(document, null, 2);
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export function issuesOf(text: string, context: ParseContext = {}): readonly Issue[] {
  const result = parseSite(bytesOf(text), context);
  return result.kind === 'issues' ? result.issues : [];
}

export function siteOf(text: string, context: ParseContext = {}): Site {
  const result = parseSite(bytesOf(text), context);
  if (result.kind === 'issues') throw new Error(`not a site: ${JSON.stringify(result.issues, null, 2)}`);
  return result.site;
}

/** The text that starts where an issue points, as long as `length` characters. */
export function textAt(text: string, { line, column }: Issue, length: number): string {
  return (text.split(/\r\n|\n|\r/)[line - 1] ?? '').slice(column - 1, column - 1 + length);
}
