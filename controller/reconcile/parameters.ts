import { assertNever } from '../../desired-state/assert-never.ts';
import type { LayerName, ParameterSource } from '../../desired-state/rendered.ts';
import type { StoredRender } from '../ports/documents.ts';
import type { StackState } from '../ports/stacks.ts';
import type { Reason } from '../status/conditions.ts';
import { digestOf } from './digest.ts';
import type { PlanIdentity } from './memory.ts';

/** One layer as its manifest describes it. */
export type StoredLayer = StoredRender['layers'][number];

/** Where values come from at this moment. */
export interface ParameterWorld {
  readonly stacks: Readonly<Partial<Record<LayerName, StackState>>>;
  /** AMI ids by SSM parameter. */
  readonly images: Readonly<Record<string, string>>;
}

/** The values of a layer's parameters, or what keeps them unknown. */
export type Inputs =
  | { readonly kind: 'known'; readonly parameters: Readonly<Record<string, string>>; readonly identity: PlanIdentity }
  | { readonly kind: 'unknown'; readonly reason: Reason; readonly missing: readonly string[] };

type Value = { readonly value: string } | { readonly missing: string; readonly reason: Reason };

/** The layers whose outputs a layer takes. */
export function dependenciesOf(layer: StoredLayer): readonly LayerName[] {
  const names = layer.parameters.flatMap((source) => (source.from === 'output' ? [source.layer] : []));
  return [...new Set(names)];
}

/** SSM parameters that a rendered site takes images from. */
export function imageNamesOf(layers: readonly StoredLayer[]): readonly string[] {
  const names = layers.flatMap((layer) =>
    layer.parameters.flatMap((source) =>
      source.from === 'image' || source.from === 'pinned-image' ? [source.ssmParameter] : [],
    ),
  );
  return [...new Set(names)].sort();
}

/**
 * Resolves a layer's parameters. A pinned image keeps the stack's value while template and other parameters are those that the
 * stack stands on; without memory of that it is kept too, since keeping replaces nothing.
 */
export function resolveInputs(layer: StoredLayer, world: ParameterWorld, applied: PlanIdentity | undefined): Inputs {
  const kept = resolveAll(layer, world, 'keep');
  if (kept.kind === 'unknown' || applied === undefined || sameIdentity(kept.identity, applied)) return kept;
  return resolveAll(layer, world, 'renew');
}

/** Whether two plans are the same. */
export function sameIdentity(a: PlanIdentity, b: PlanIdentity): boolean {
  return a.templateDigest === b.templateDigest && a.parametersDigest === b.parametersDigest;
}

function resolveAll(layer: StoredLayer, world: ParameterWorld, pinned: 'keep' | 'renew'): Inputs {
  const own = world.stacks[layer.layer];
  const current = own?.kind === 'present' ? own.parameters : {};
  const parameters: Record<string, string> = {};
  const missing: string[] = [];
  let reason: Reason = 'DependencyNotReady';
  for (const source of layer.parameters) {
    const found = resolveOne(source, world, pinned === 'keep' ? current : {});
    if ('value' in found) parameters[source.name] = found.value;
    else {
      missing.push(found.missing);
      if (found.reason === 'ArtifactFailed') reason = found.reason;
    }
  }
  if (missing.length > 0) return { kind: 'unknown', reason, missing };
  const parametersDigest = digestOf({ parameters, tags: layer.tags });
  return { kind: 'known', parameters, identity: { templateDigest: layer.templateDigest, parametersDigest } };
}

function resolveOne(source: ParameterSource, world: ParameterWorld, kept: Readonly<Record<string, string>>): Value {
  switch (source.from) {
    case 'value':
      return { value: source.value };
    case 'output': {
      const stack = world.stacks[source.layer];
      const value = stack?.kind === 'present' ? stack.outputs[source.output] : undefined;
      return value === undefined
        ? { missing: `output ${source.output} of layer ${source.layer}`, reason: 'DependencyNotReady' }
        : { value };
    }
    case 'pinned-image':
      return imageValue(kept[source.name] ?? world.images[source.ssmParameter], source.ssmParameter);
    case 'image':
      return imageValue(world.images[source.ssmParameter], source.ssmParameter);
    default:
      return assertNever(source);
  }
}

function imageValue(value: string | undefined, ssmParameter: string): Value {
  return value === undefined
    ? { missing: `an image id in SSM parameter ${ssmParameter}`, reason: 'ArtifactFailed' }
    : { value };
}
