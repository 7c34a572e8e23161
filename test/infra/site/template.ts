import { type LayerName, layerNames, type RenderedSite } from '../../../desired-state/rendered.ts';
import type { Site } from '../../../desired-state/site.ts';
import { render } from '../../../infra/site/render.ts';
import { type Changes, changed, siteOf } from '../../desired-state/documents.ts';

/** A resource of a template, as CloudFormation reads it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly UpdatePolicy?: unknown;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type: string }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: unknown }>>;
}

/** A committed document with changes by dotted path. */
export const siteWith = (changes: Changes = {}, name = 'production'): Site => siteOf(changed(changes, name));

export const rendererVersion = 'test';

export const rendered = (changes: Changes = {}, name = 'production'): RenderedSite =>
  render(siteWith(changes, name), rendererVersion);

/** The templates by layer; a layer that the site does not have is undefined. */
export function templatesOf(site: RenderedSite): Readonly<Partial<Record<LayerName, Template>>> {
  return Object.fromEntries(site.layers.map(({ layer, templateBody }) => [layer, JSON.parse(templateBody)]));
}

/** One layer's template of a committed document with changes. */
export function template(layer: LayerName, changes: Changes = {}, name = 'production'): Template {
  const found = templatesOf(rendered(changes, name))[layer];
  if (found === undefined) throw new Error(`the site has no layer ${layer}`);
  return found;
}

export function resource(of: Template, id: string): Resource {
  const found = of.Resources[id];
  if (found === undefined) throw new Error(`no resource ${id}; there are ${Object.keys(of.Resources).join(', ')}`);
  return found;
}

export const properties = (of: Template, id: string): Readonly<Record<string, unknown>> =>
  resource(of, id).Properties ?? {};

/** Logical ids of all resources of a type. */
export const idsOf = (of: Template, type: string): string[] =>
  Object.entries(of.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id]) => id);

export const everyLayer = layerNames;

/** Every value in a structure, itself included. */
export function* valuesIn(value: unknown): Generator<unknown> {
  yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) yield* valuesIn(member);
}

/** Logical ids that a value names by Ref, Fn::GetAtt or Fn::Sub. */
export function referencesIn(value: unknown): Set<string> {
  const found = new Set<string>();
  for (const part of valuesIn(value)) {
    if (typeof part !== 'object' || part === null) continue;
    const { Ref, 'Fn::GetAtt': getAtt } = part as { Ref?: string; 'Fn::GetAtt'?: readonly string[] };
    if (Ref !== undefined) found.add(Ref);
    if (getAtt?.[0] !== undefined) found.add(getAtt[0]);
  }
  return found;
}

/** Attributes of load balancers and target groups, as an object. */
export function attributesOf(list: unknown): Record<string, unknown> {
  return Object.fromEntries((list as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, Value]));
}

/** Statements of a policy document. */
export function statementsOf(document: unknown): readonly Record<string, unknown>[] {
  return (document as { Statement: readonly Record<string, unknown>[] }).Statement;
}
