import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackPrefix, tagKeys } from '../../names.ts';
import { arnOf } from '../permissions.ts';

/** What the resources of one service may be: where writes go, and where reads go. */
export interface Scope {
  readonly write: readonly string[];
  readonly read: readonly string[];
  /** Why the ARNs are no narrower. */
  readonly why: string;
}

const named = `CloudFormation names them after their stack, which begins with ${stackPrefix}.`;
const byId = 'AWS chooses their ids, so the account and the region are as narrow as an ARN gets.';

/** The ARNs of a site's resources, by service. https://docs.aws.amazon.com/service-authorization/latest/reference */
export function scopesOf(scope: Construct): Readonly<Record<string, Scope>> {
  const { partition, account } = Stack.of(scope);
  const arn = (service: string, resource: string) => arnOf(scope, service, resource);
  const all = (service: string, why: string, resource = '*'): Scope => {
    const resources = [arn(service, resource)];
    return { write: resources, read: resources, why };
  };
  const ours = (service: string, resources: readonly string[], why = named): Scope => ({
    write: resources.map((resource) => arn(service, resource)),
    read: [arn(service, '*')],
    why,
  });
  const bucket = `arn:${partition}:s3:::${stackPrefix}*`;
  return {
    acm: all('acm', byId, 'certificate/*'),
    autoscaling: ours('autoscaling', [`autoScalingGroup:*:autoScalingGroupName/${stackPrefix}*`]),
    backup: ours('backup', [`backup-vault:${stackPrefix}*`, 'backup-plan:*'], `${named} Plans have ids of AWS’s.`),
    cloudwatch: {
      write: [arn('cloudwatch', `alarm:${stackPrefix}*`), `arn:${partition}:cloudwatch::${account}:dashboard/*`],
      read: [arn('cloudwatch', 'alarm:*'), `arn:${partition}:cloudwatch::${account}:dashboard/*`],
      why: `${named} A dashboard's generated name has no documented form.`,
    },
    // Images and their snapshots belong to no account.
    ec2: {
      write: [arn('ec2', '*'), arnOf(scope, 'ec2', '*', '')],
      read: [arn('ec2', '*')],
      why: byId,
    },
    elasticache: all('elasticache', 'CloudFormation shortens names to what ElastiCache allows: no prefix is certain.'),
    elasticfilesystem: all('elasticfilesystem', byId),
    elasticloadbalancing: all(
      'elasticloadbalancing',
      'CloudFormation shortens names to the 32 characters that load balancers allow: no prefix is certain.',
    ),
    logs: ours('logs', [`log-group:${stackPrefix}*`]),
    rds: ours(
      'rds',
      [`db:${stackPrefix}*`, `subgrp:${stackPrefix}*`, `pg:${stackPrefix}*`, 'pg:default*', 'og:default*'],
      `${named} RDS judges a new database on its parameter group and the default option group too.`,
    ),
    route53: {
      write: [`arn:${partition}:route53:::hostedzone/*`, `arn:${partition}:route53:::change/*`],
      read: [`arn:${partition}:route53:::hostedzone/*`, `arn:${partition}:route53:::change/*`],
      why: 'A document names a zone by its id, or has one made, whose id AWS chooses.',
    },
    s3: { write: [bucket], read: [bucket], why: named },
    secretsmanager: all(
      'secretsmanager',
      `A generated name begins with the logical id; our tag narrows what matters.`,
      'secret:*',
    ),
    sns: ours('sns', [`${stackPrefix}*`]),
    ssm: all('ssm', 'Below our own path.', 'parameter/nextcloud-gitops/sites/*'),
  };
}

/** Holds for resources that carry our tag. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html */
export const taggedAsOurs = { Null: { [`aws:ResourceTag/${tagKeys.site}`]: 'false' } } as const;

/**
 * Actions that are good for resources with our tag only, and the type whose resource carries it: what cannot be undone, and what reads
 * secrets. Not on everything: several handlers create first and tag after, and some actions touch resources that cannot be tagged.
 */
export const onlyTagged: Readonly<Record<string, string>> = {
  'acm:DeleteCertificate': 'AWS::CertificateManager::Certificate',
  'ec2:DeleteFlowLogs': 'AWS::EC2::FlowLog',
  'ec2:DeleteInternetGateway': 'AWS::EC2::InternetGateway',
  'ec2:DeleteNatGateway': 'AWS::EC2::NatGateway',
  'ec2:DeleteRouteTable': 'AWS::EC2::RouteTable',
  'ec2:DeleteSecurityGroup': 'AWS::EC2::SecurityGroup',
  'ec2:DeleteSubnet': 'AWS::EC2::Subnet',
  'ec2:DeleteVpc': 'AWS::EC2::VPC',
  'ec2:DeleteVpcEndpoints': 'AWS::EC2::VPCEndpoint',
  'ec2:ReleaseAddress': 'AWS::EC2::EIP',
  'ec2:StopInstances': 'AWS::EC2::Instance',
  'ec2:TerminateInstances': 'AWS::EC2::Instance',
  'elasticache:DeleteReplicationGroup': 'AWS::ElastiCache::ReplicationGroup',
  'elasticfilesystem:DeleteAccessPoint': 'AWS::EFS::AccessPoint',
  'elasticfilesystem:DeleteFileSystemPolicy': 'AWS::EFS::FileSystem',
  'elasticfilesystem:DeleteMountTarget': 'AWS::EFS::FileSystem',
  'elasticloadbalancing:DeleteListener': 'AWS::ElasticLoadBalancingV2::Listener',
  'elasticloadbalancing:DeleteLoadBalancer': 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'elasticloadbalancing:DeleteTargetGroup': 'AWS::ElasticLoadBalancingV2::TargetGroup',
  'kms:PutKeyPolicy': 'AWS::KMS::Key',
  'secretsmanager:GetSecretValue': 'AWS::SecretsManager::Secret',
  'secretsmanager:UntagResource': 'AWS::SecretsManager::Secret',
  'secretsmanager:UpdateSecret': 'AWS::SecretsManager::Secret',
};
