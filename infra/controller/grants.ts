import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** One thing that a role may do: a statement of its policy, with what a reader must know of it. */
export interface Grant {
  /** Allow unless it says otherwise. */
  readonly effect?: 'Allow' | 'Deny';
  /** Each written out: a wildcard action grants what AWS adds tomorrow. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Why a resource is a pattern; needed when one is. */
  readonly why?: string;
}

/** Grants by the name of the inline policy that holds them. */
export type Grants = Readonly<Record<string, readonly Grant[]>>;

/** The inline policies of a role. */
export function inlinePolicies(grants: Grants): Record<string, iam.PolicyDocument> {
  return Object.fromEntries(
    Object.entries(grants).map(([name, each]) => [name, new iam.PolicyDocument({ statements: each.map(statement) })]),
  );
}

/** A grant as IAM's own statement. */
export function statement({ effect, actions, resources, conditions }: Grant): iam.PolicyStatement {
  return new iam.PolicyStatement({
    effect: effect === 'Deny' ? iam.Effect.DENY : iam.Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions: { ...conditions } }),
  });
}

/**
 * Writes the reason of each pattern beside the construct that carries the grants.
 *
 * @throws Error for a wildcard action, and for a pattern without a reason
 */
export function acknowledgePatterns(construct: Construct, grants: Iterable<Grant>): void {
  for (const { effect, actions, resources, why } of grants) {
    const wild = actions.find((action) => action.includes('*'));
    if (wild !== undefined) throw new Error(`${construct.node.path}: write the actions of ${wild} out.`);
    if (effect === 'Deny') continue;
    for (const resource of resources.map((each) => flat(Stack.of(construct).resolve(each)))) {
      if (!resource.includes('*')) continue;
      if (why === undefined)
        throw new Error(`${construct.node.path}: ${actions.join(', ')} on ${resource} needs a reason.`);
      acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${resource}]`]: why });
    }
  }
}

/** A resolved ARN as the rule pack names it: `<LogicalId.Arn>` for an attribute, `<LogicalId>` for a reference. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [delimiter, parts] = value['Fn::Join'];
    return parts.map(flat).join(delimiter);
  }
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Ref' in value) return `<${value.Ref}>`;
  throw new Error(`Cannot name ${JSON.stringify(value)}: teach this function the intrinsic function.`);
}
