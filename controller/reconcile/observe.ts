import { controllerOutputs, type LayerName } from '../../desired-state/rendered.ts';
import type { Capacity, GroupState } from '../ports/capacity.ts';
import type { Images } from '../ports/documents.ts';
import type { HealthFacts, HealthReader, HealthTargets } from '../ports/health.ts';
import type { StackState, Stacks } from '../ports/stacks.ts';
import type { SiteMemory } from './memory.ts';
import type { LayerObservation, Observation } from './observation.ts';
import { imageNamesOf, type StoredLayer } from './parameters.ts';
import { memoryOf } from './plan.ts';
import { footingOf, succeeded } from './stack-state.ts';

/** What observing needs. */
export interface ObservePorts {
  readonly stacks: Stacks;
  readonly images: Images;
  readonly capacity: Capacity;
  readonly health: HealthReader;
}

type LayerStacks = Readonly<Partial<Record<LayerName, LayerObservation>>>;

/**
 * Sees what there is, read-only and in two rounds of parallel calls: stacks (with the change sets that memory calls pending) and
 * images; then, with the stacks' outputs, the group and the services. A site in sync costs one call a stack, one for the images,
 * two for the group and four for health.
 *
 * @param memory aligned with the layers
 * @throws TransientError when a service asks to come back later
 */
export async function observe(
  layers: readonly StoredLayer[],
  memory: SiteMemory,
  ports: ObservePorts,
): Promise<Observation> {
  const names = imageNamesOf(layers);
  const [seen, images, leftovers] = await Promise.all([
    Promise.all(layers.map((layer) => observeLayer(layer, memory, ports.stacks))),
    names.length === 0 ? {} : ports.images.resolve(names),
    existing(memory.leftovers ?? [], ports.stacks),
  ]);
  const byLayer: LayerStacks = Object.fromEntries(layers.map((layer, index) => [layer.layer, seen[index]]));
  const [group, health] = await Promise.all([observeGroup(byLayer, ports), observeHealth(byLayer, ports)]);
  return { layers: byLayer, images, group, health, leftovers };
}

async function observeLayer(layer: StoredLayer, memory: SiteMemory, stacks: Stacks): Promise<LayerObservation> {
  const { pending, applied } = memoryOf(memory, layer);
  const stack = await stacks.describe(layer.stackName);
  if (pending === undefined) return { stack };
  const changeSet = await stacks.describeChangeSet(layer.stackName, pending.arn);
  if (changeSet.kind !== 'executed' || !hasFailed(stack, applied !== undefined)) return { stack, changeSet };
  const failure = await stacks.firstFailure(layer.stackName);
  return { stack, changeSet, ...(failure === undefined ? {} : { failure }) };
}

function hasFailed(stack: StackState, hasApplied: boolean): boolean {
  if (stack.kind === 'absent') return false;
  return footingOf(stack, hasApplied).kind !== 'busy' && !succeeded(stack.status);
}

/** Which of these stacks still exist. */
async function existing(names: readonly string[], stacks: Stacks): Promise<readonly string[]> {
  const states = await Promise.all(names.map((name) => stacks.describe(name)));
  return names.filter((_, index) => states[index]?.kind === 'present');
}

async function observeGroup(layers: LayerStacks, ports: ObservePorts): Promise<GroupState> {
  const groupName = outputOf(layers, 'web', controllerOutputs.autoScalingGroupName);
  return groupName === undefined ? { kind: 'absent' } : ports.capacity.describe(groupName);
}

async function observeHealth(layers: LayerStacks, ports: ObservePorts): Promise<HealthFacts> {
  const targets = healthTargetsOf(layers);
  return Object.keys(targets).length === 0 ? {} : ports.health.read(targets);
}

function healthTargetsOf(layers: LayerStacks): HealthTargets {
  const targets = {
    targetGroupArn: outputOf(layers, 'web', controllerOutputs.targetGroupArn),
    databaseIdentifier: outputOf(layers, 'data', controllerOutputs.databaseIdentifier),
    cacheReplicationGroupId: outputOf(layers, 'data', controllerOutputs.cacheReplicationGroupId),
    fileSystemId: outputOf(layers, 'data', controllerOutputs.fileSystemId),
  };
  return Object.fromEntries(Object.entries(targets).filter(([, value]) => value !== undefined));
}

/** An output of a layer's stack, whatever state it is in. */
export function outputOf(layers: LayerStacks, layer: LayerName, output: string): string | undefined {
  const stack = layers[layer]?.stack;
  return stack?.kind === 'present' ? stack.outputs[output] : undefined;
}
