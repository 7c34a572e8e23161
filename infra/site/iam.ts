import { CfnInstanceProfile, CfnRole } from 'aws-cdk-lib/aws-iam';
import { boundaryResource, iamPath } from '../names.ts';
import { iamArn, regionalArn } from './arn.ts';
import type { LayerStack } from './layer-stack.ts';

/** One statement of a policy document, as IAM writes it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, unknown>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A policy document of IAM's current version. */
export function policyDocument(...statements: readonly Statement[]): {
  Version: string;
  Statement: readonly Statement[];
} {
  return { Version: '2012-10-17', Statement: statements };
}

/** What a role of a site is made of. */
export interface SiteRole {
  readonly id: string;
  readonly description: string;
  /** Service principal, such as `ec2.amazonaws.com`. */
  readonly service: string;
  /** Only where another policy must name the role by its ARN; otherwise CloudFormation names it. */
  readonly roleName?: string;
  /** Keeps another account's use of the service from assuming the role (the confused deputy). */
  readonly trustCondition?: Statement['Condition'];
  readonly managedPolicyArns?: readonly string[];
  readonly policies?: Readonly<Record<string, readonly Statement[]>>;
}

/** A role on this product's IAM path, within the permissions boundary that the controller's stack owns. */
export function siteRole(stack: LayerStack, role: SiteRole): CfnRole {
  const trust: Statement = {
    Effect: 'Allow',
    Principal: { Service: role.service },
    Action: 'sts:AssumeRole',
    ...(role.trustCondition === undefined ? {} : { Condition: role.trustCondition }),
  };
  return new CfnRole(stack, role.id, {
    path: iamPath,
    description: role.description,
    permissionsBoundary: iamArn(boundaryResource),
    assumeRolePolicyDocument: policyDocument(trust),
    ...(role.roleName === undefined ? {} : { roleName: role.roleName }),
    ...(role.managedPolicyArns === undefined ? {} : { managedPolicyArns: [...role.managedPolicyArns] }),
    ...(role.policies === undefined ? {} : { policies: inline(role.policies) }),
  });
}

/** The profile that hands a role to an EC2 instance. */
export function instanceProfile(stack: LayerStack, id: string, role: CfnRole): CfnInstanceProfile {
  return new CfnInstanceProfile(stack, id, { path: iamPath, roles: [role.ref] });
}

/**
 * Session Manager and Run Command for one kind of instance. The managed policy AmazonSSMManagedInstanceCore is not used: it reads every
 * parameter of the account. The message channels know no resource (Service Authorization Reference, Amazon Message Gateway Service).
 */
export function sessionManagerStatements(): readonly Statement[] {
  return [
    {
      Sid: 'ReportToSystemsManager',
      Effect: 'Allow',
      Action: ['ssm:UpdateInstanceInformation', 'ssm:ListInstanceAssociations', 'ssm:UpdateInstanceAssociationStatus'],
      Resource: regionalArn('ec2', 'instance/*'),
    },
    {
      Sid: 'SystemsManagerChannels',
      Effect: 'Allow',
      Action: [
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
        'ec2messages:AcknowledgeMessage',
        'ec2messages:DeleteMessage',
        'ec2messages:FailMessage',
        'ec2messages:GetEndpoint',
        'ec2messages:GetMessages',
        'ec2messages:SendReply',
      ],
      Resource: '*',
    },
  ];
}

function inline(policies: Readonly<Record<string, readonly Statement[]>>) {
  return Object.entries(policies).map(([policyName, statements]) => ({
    policyName,
    policyDocument: policyDocument(...statements),
  }));
}
