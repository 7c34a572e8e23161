/** What the fake CloudFormation understands of a template: resources, Ref, Fn::GetAtt and outputs. */
export interface FakeTemplate {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly DeletionPolicy?: string;
        readonly Properties?: Readonly<Record<string, unknown>>;
      }
    >
  >;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** A resource that exists. */
export interface FakeResource {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Grows with every change in place; the attribute LatestVersionNumber. */
  readonly version: number;
}

/** Resolves Ref and Fn::GetAtt in a value. */
export function resolveValue(
  value: unknown,
  parameters: Readonly<Record<string, string>>,
  resources: ReadonlyMap<string, FakeResource>,
): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, parameters, resources));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first?.[0] === 'Ref') return reference(String(first[1]), parameters, resources);
  if (first?.[0] === 'Fn::GetAtt') {
    const [id] = first[1] as [string, string];
    return String(resources.get(id)?.version ?? `unknown:${id}`);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolveValue(item, parameters, resources)]));
}

function reference(
  name: string,
  parameters: Readonly<Record<string, string>>,
  resources: ReadonlyMap<string, FakeResource>,
): string {
  const value = parameters[name] ?? resources.get(name)?.physicalId;
  return value ?? `unknown:${name}`;
}
