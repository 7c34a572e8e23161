import type { LayerName } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import { emptyLayerMemory, type LayerMemory, type SiteMemory } from './memory.ts';
import type { LayerObservation, Observation } from './observation.ts';
import type { ParameterWorld, StoredLayer } from './parameters.ts';
import { type DirectCall, outdatedInstances, planCapacity } from './plan-capacity.ts';
import { type LayerPlan, planLayer } from './plan-layer.ts';

/** One layer, its plan, and whether its protection is still to be put on. */
export interface PlannedLayer {
  readonly layer: StoredLayer;
  readonly seen: LayerObservation;
  readonly plan: LayerPlan;
}

/** Everything that separates a site from its document. */
export interface SitePlan {
  /** In the order in which they are applied. */
  readonly layers: readonly PlannedLayer[];
  readonly calls: readonly DirectCall[];
  /** Instances that do not run the group's launch template version. */
  readonly outdatedInstances: readonly string[];
  readonly leftovers: readonly string[];
}

/**
 * Plans all layers and the direct calls. Pure, and total: any state of any stack gives a plan.
 *
 * @param memory after `absorb`
 */
export function planSite(
  site: Site,
  layers: readonly StoredLayer[],
  observed: Observation,
  memory: SiteMemory,
  now: number,
): SitePlan {
  const world = worldOf(observed);
  return {
    layers: layers.map((layer) => {
      const seen = observed.layers[layer.layer] ?? { stack: { kind: 'absent' } };
      return { layer, seen, plan: planLayer({ layer, memory: memory.layers[layer.layer], seen, world, now }) };
    }),
    calls: planCapacity(site, observed.group),
    outdatedInstances: outdatedInstances(observed.group),
    leftovers: observed.leftovers,
  };
}

/** A layer's memory; of another stack than the one declared now, nothing. */
export function memoryOf(
  memory: SiteMemory,
  layer: { readonly layer: LayerName; readonly stackName: string },
): LayerMemory {
  const found = memory.layers[layer.layer];
  return found?.stackName === layer.stackName ? found : emptyLayerMemory(layer.stackName);
}

function worldOf(observed: Observation): ParameterWorld {
  const stacks = Object.fromEntries(Object.entries(observed.layers).map(([name, seen]) => [name, seen.stack]));
  return { stacks, images: observed.images };
}
