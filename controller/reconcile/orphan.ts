import { layerNames } from '../../desired-state/rendered.ts';
import type { Stacks } from '../ports/stacks.ts';
import type { SiteMemory } from './memory.ts';

/**
 * The stacks of a site that has no document. Nothing is ever done to them.
 *
 * @returns names of those that exist: of all that memory knows and of all whose name can be told without it
 */
export async function stacksOfOrphan(site: string, memory: SiteMemory, stacks: Stacks): Promise<readonly string[]> {
  const known = Object.values(memory.layers).map((layer) => layer.stackName);
  const named = layerNames.map((layer) => `nextcloud-site-${site}-${layer}`);
  const names = [...new Set([...known, ...(memory.leftovers ?? []), ...named])];
  const states = await Promise.all(names.map((name) => stacks.describe(name)));
  return names.filter((_, index) => states[index]?.kind === 'present').sort();
}
