import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { boundaryPolicyName, iamPath } from '../../names.ts';
import type { Grant } from '../grants.ts';

/** Services that a site's roles are passed to. */
const passedTo = ['backup.amazonaws.com', 'ec2.amazonaws.com', 'vpc-flow-logs.amazonaws.com'];

/** Services whose own role CloudFormation makes when the account has none yet. */
const serviceLinked = [
  'autoscaling.amazonaws.com',
  'backup.amazonaws.com',
  'elasticache.amazonaws.com',
  'elasticfilesystem.amazonaws.com',
  'elasticloadbalancing.amazonaws.com',
  'rds.amazonaws.com',
];

/** Managed policies of AWS that a site's roles may have. */
const attachable = ['service-role/AWSBackupServiceRolePolicyForBackup'];

/** Actions that IAM judges by the boundary of the role that they change: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html */
const withinBoundary = [
  'iam:CreateRole',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:DeleteRolePolicy',
];
const attaching = ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'];

/**
 * IAM for the sites' roles: only on this product's path, only with the permissions boundary, and never on the execution role itself, which
 * lies on the same path.
 *
 * @param actions every action of IAM that the registry asks for
 */
export function identityGrants(scope: Construct, actions: readonly string[], executionRoleArn: string): Grant[] {
  const { partition, account } = Stack.of(scope);
  const iam = (resource: string) => `arn:${partition}:iam::${account}:${resource}`;
  const ours = [iam(`role${iamPath}*`), iam(`instance-profile${iamPath}*`)];
  const why = 'The roles and instance profiles of all sites lie on this path, and nothing else does.';
  const boundary = { 'iam:PermissionsBoundary': iam(`policy${iamPath}${boundaryPolicyName}`) };
  const special = new Set([
    ...withinBoundary,
    ...attaching,
    'iam:PassRole',
    'iam:CreateServiceLinkedRole',
    'iam:ListRoles',
  ]);
  const rest = actions.filter((action) => !special.has(action));
  return [
    { actions: withinBoundary, resources: [iam(`role${iamPath}*`)], why, conditions: { ArnEquals: boundary } },
    {
      actions: attaching,
      resources: [iam(`role${iamPath}*`)],
      why,
      conditions: {
        ArnEquals: {
          ...boundary,
          'iam:PolicyARN': attachable.map((name) => `arn:${partition}:iam::aws:policy/${name}`),
        },
      },
    },
    { actions: rest, resources: ours, why },
    {
      actions: ['iam:PassRole'],
      resources: [iam(`role${iamPath}*`)],
      why,
      conditions: { StringEquals: { 'iam:PassedToService': passedTo } },
    },
    {
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [iam('role/aws-service-role/*')],
      why: 'Service-linked roles have a path of their own, and AWS names them.',
      conditions: { StringEquals: { 'iam:AWSServiceName': serviceLinked } },
    },
    {
      actions: ['iam:ListRoles'],
      resources: ['*'],
      why: 'AWS has no resource for it: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html',
    },
    {
      effect: 'Deny',
      why: 'The execution role must not change, pass or delete itself',
      actions: [...withinBoundary, ...attaching, 'iam:PassRole', ...rest.filter((action) => !isRead(action))],
      resources: [executionRoleArn],
    },
  ];
}

function isRead(action: string): boolean {
  return /^iam:(Get|List)/.test(action);
}
