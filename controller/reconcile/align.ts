import type { LayerName } from '../../desired-state/rendered.ts';
import { absorb, forgivesFailure, type Moment } from './absorb.ts';
import type { LayerMemory, SiteMemory } from './memory.ts';
import type { Observation } from './observation.ts';
import type { StoredLayer } from './parameters.ts';
import { memoryOf } from './plan.ts';

/**
 * Memory for the layers that are declared now. A layer that is not declared any more, or is now another stack (a certificate of
 * another host), becomes a leftover: listed, never removed.
 */
export function alignMemory(memory: SiteMemory, layers: readonly StoredLayer[]): SiteMemory {
  const declared = new Set(layers.map((layer) => layer.stackName));
  const former = Object.values(memory.layers).map((layer) => layer.stackName);
  const leftovers = [...new Set([...(memory.leftovers ?? []), ...former])].filter((name) => !declared.has(name)).sort();
  const { leftovers: _, ...rest } = memory;
  return {
    ...rest,
    layers: Object.fromEntries(layers.map((layer) => [layer.layer, memoryOf(memory, layer)])),
    ...(leftovers.length === 0 ? {} : { leftovers }),
  };
}

/** A site's memory after what was seen, and the change sets that have served. */
export interface AbsorbedSite {
  readonly memory: SiteMemory;
  readonly spent: Readonly<Partial<Record<LayerName, readonly string[]>>>;
  /** Layers whose plan was found to have failed in this look. */
  readonly newlyFailed: readonly LayerName[];
}

/**
 * Takes over what was seen into memory.
 *
 * @param retryFailed a person asked for it: what failed is due once more
 */
export function absorbSite(
  memory: SiteMemory,
  layers: readonly StoredLayer[],
  observed: Observation,
  moment: Moment,
  retryFailed: boolean,
): AbsorbedSite {
  const after: Partial<Record<LayerName, LayerMemory>> = {};
  const spent: Partial<Record<LayerName, readonly string[]>> = {};
  const newlyFailed: LayerName[] = [];
  for (const { layer, stackName } of layers) {
    const before = memoryOf(memory, { layer, stackName });
    const seen = observed.layers[layer] ?? { stack: { kind: 'absent' } };
    const absorbed = absorb(layer, before, seen, moment);
    const failedNow = absorbed.memory.failed !== undefined && absorbed.memory.failed !== before.failed;
    after[layer] = retryFailed && !failedNow ? forgivesFailure(absorbed.memory, moment.now) : absorbed.memory;
    if (failedNow) newlyFailed.push(layer);
    if (absorbed.spent.length > 0) spent[layer] = absorbed.spent;
  }
  const { leftovers: _, ...rest } = memory;
  const { leftovers } = observed;
  return {
    memory: { ...rest, layers: after, ...(leftovers.length === 0 ? {} : { leftovers }) },
    spent,
    newlyFailed,
  };
}
