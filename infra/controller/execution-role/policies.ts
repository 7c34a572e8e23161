import type { Construct } from 'constructs';
import type { Grant } from '../grants.ts';
import { dataDenials } from './denials.ts';
import { identityGrants } from './identity.ts';
import { keyGrants } from './keys.ts';
import { onlyTagged, scopesOf, taggedAsOurs } from './scopes.ts';

/** What permissions.json says of one action: the resource types that ask for it, and what AWS can scope it to. */
export type Permissions = Readonly<Record<string, { readonly for: readonly string[]; readonly on: readonly string[] }>>;

/** Which managed policy holds the actions of a service; each must stay below 6,144 characters. */
const policyOfService: Readonly<Record<string, string>> = {
  ec2: 'network',
  acm: 'web',
  autoscaling: 'web',
  cloudwatch: 'web',
  elasticloadbalancing: 'web',
  logs: 'web',
  route53: 'web',
  sns: 'web',
  ssm: 'web',
  backup: 'storage',
  'backup-storage': 'storage',
  elasticache: 'data',
  elasticfilesystem: 'storage',
  kms: 'data',
  rds: 'data',
  s3: 'storage',
  secretsmanager: 'data',
};

/**
 * The managed policies of the execution role, by name.
 *
 * @throws Error for an action of a service that has no policy or no scope here
 */
export function executionPolicies(
  scope: Construct,
  permissions: Permissions,
  executionRoleArn: string,
): Readonly<Record<string, readonly Grant[]>> {
  const actions = Object.keys(permissions);
  const of = (service: string) => actions.filter((action) => serviceOf(action) === service);
  const scopes = scopesOf(scope);
  const grants = new Map<string, Grant[]>();
  const groups = Map.groupBy(
    actions.filter((action) => !['iam', 'kms'].includes(serviceOf(action))),
    (action) => policyNameOf(action),
  );
  for (const [name, inPolicy] of groups) grants.set(name, grouped(inPolicy, permissions, scopes));
  grants.get('data')?.push(...keyGrants(scope, of('kms')));
  return {
    ...Object.fromEntries(grants),
    identity: identityGrants(scope, of('iam'), executionRoleArn),
    denials: dataDenials,
  };
}

function policyNameOf(action: string): string {
  const name = policyOfService[serviceOf(action)];
  if (name === undefined) throw new Error(`${action}: say in which policy its service belongs.`);
  return name;
}

type Target = Pick<Grant, 'resources' | 'conditions' | 'why'>;

/** One grant for each set of resources and conditions. */
function grouped(actions: readonly string[], permissions: Permissions, scopes: ReturnType<typeof scopesOf>): Grant[] {
  const targets = new Map<string, Target>();
  const byTarget = Map.groupBy(actions, (action) => {
    const target = targetOf(action, permissions[action]?.on ?? [], scopes);
    const key = JSON.stringify([target.resources, target.conditions]);
    targets.set(key, target);
    return key;
  });
  return [...byTarget].map(([key, same]) => ({ ...(targets.get(key) ?? noResource), actions: same }));
}

const noResource: Target = {
  resources: ['*'],
  why: 'AWS has no resource for them: https://docs.aws.amazon.com/service-authorization/latest/reference/',
};

function targetOf(action: string, on: readonly string[], scopes: ReturnType<typeof scopesOf>): Target {
  if (on.length === 0) return noResource;
  const scope = scopes[serviceOf(action)];
  if (scope === undefined) throw new Error(`${action}: say what its service's resources are.`);
  const resources = isRead(action) ? scope.read : scope.write;
  return { resources, why: scope.why, ...(onlyTagged[action] && { conditions: taggedAsOurs }) };
}

// What hands out content is no harmless read.
function isRead(action: string): boolean {
  return /:(Describe|Get|List)/.test(action) && action !== 'secretsmanager:GetSecretValue';
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}
