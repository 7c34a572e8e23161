import type { Finding, Path } from '../issue.ts';
import type { Site } from '../site.ts';

/** What a check may know besides the document. */
export interface CheckContext {
  /** Where the document stands, for example `sites/production.json`: in a folder `sites` its name must be the site's. */
  readonly fileName?: string;
  /** The region of the controller, which serves sites of its own region only. */
  readonly region?: string;
  /** The document that was last applied: what of it may not change is compared. */
  readonly lastApplied?: Site;
  /** The present moment in milliseconds since 1970: an override's end is compared with it. */
  readonly now?: number;
}

type Fields<T> = T extends readonly unknown[] ? never : T extends object ? keyof T & string : never;

/** A field of the document, at most two levels deep: `scaling`, `scaling.max`. */
export type Field = { [K in keyof Site & string]: K | `${K}.${Fields<NonNullable<Site[K]>>}` }[keyof Site & string];

/** One rule about fields with each other, or with what is known besides the document. */
export interface Check {
  /** The fields that `run` reads: it runs only when their form is right. */
  readonly reads: readonly Field[];
  readonly run: (site: Site, context: CheckContext) => readonly Finding[];
}

/** Whether a finding at `path` makes the field unreadable: it is the field itself, a part of it, or what holds it. */
export function concerns(field: Field, path: Path): boolean {
  return field.split('.').every((part, index) => index >= path.length || path[index] === part);
}
