import type { Site } from '../../desired-state/site.ts';

/** The Name that a console shows; the tags of site and layer come from the stack. */
export function nameTag(site: Site, part: string): { key: string; value: string }[] {
  return [{ key: 'Name', value: `${site.name}-${part}` }];
}
