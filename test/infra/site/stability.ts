import type { Resource, Template } from './template.ts';

/** What AWS's registry says of a type: properties that can't be changed in place. */
export type CreateOnly = Readonly<Record<string, { readonly createOnly: readonly string[] }>>;

/** The protected resources of a template: logical id to type. */
export type ProtectedIds = Readonly<Record<string, string>>;

/**
 * What going from one template to another would destroy among the protected resources, in words: a resource that is gone or of another type, a
 * create-only property that has another value, a protection that is weaker. Empty when nothing is destroyed.
 */
export function destroyed(from: Template, to: Template, protectedIds: ProtectedIds, registry: CreateOnly): string[] {
  return Object.keys(protectedIds).flatMap((id) => {
    const before = from.Resources[id];
    if (before === undefined) return [];
    const after = to.Resources[id];
    if (after === undefined) return [`${id} is gone`];
    if (after.Type !== before.Type) return [`${id} was ${before.Type}, is ${after.Type}`];
    return [...replacedBy(id, before, after, registry), ...weaker(id, before, after)];
  });
}

function replacedBy(id: string, before: Resource, after: Resource, registry: CreateOnly): string[] {
  const facts = registry[before.Type];
  if (facts === undefined) return [`${id}: nothing is known of ${before.Type}`];
  return facts.createOnly
    .map((path) => path.split('.')[0] ?? path)
    .filter((name) => JSON.stringify(before.Properties?.[name]) !== JSON.stringify(after.Properties?.[name]))
    .map((name) => `${id}.${name} cannot be changed in place`);
}

function weaker(id: string, before: Resource, after: Resource): string[] {
  return (['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    .filter((policy) => before[policy] !== undefined && after[policy] !== before[policy])
    .map((policy) => `${id}.${policy} was ${before[policy]}, is ${after[policy]}`);
}
