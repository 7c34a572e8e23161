import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { nodeMetricsNamespace, parameterPrefix, stackPrefix, tagKeys } from '../../names.ts';
import type { Grant } from '../grants.ts';
import { arnOf } from '../permissions.ts';

const ourTag = { Null: { [`aws:ResourceTag/${tagKeys.site}`]: 'false' } };

/**
 * The most that any role of a site may do, whatever its own policies say: nodes, bastion, flow logs, backups. It grants nothing by itself.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function boundaryGrants(scope: Construct): readonly Grant[] {
  return [...nodes(scope), ...backups(scope)];
}

function nodes(scope: Construct): Grant[] {
  const bucket = `arn:${Stack.of(scope).partition}:s3:::${stackPrefix}*`;
  return [
    {
      actions: ['ssm:UpdateInstanceInformation', 'ssm:ListInstanceAssociations', 'ssm:UpdateInstanceAssociationStatus'],
      resources: [arnOf(scope, 'ec2', 'instance/*')],
      why: 'Any node of a site, whose id AWS chooses.',
    },
    {
      actions: [
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
      resources: ['*'],
      why: 'AWS has no resource for the channels of Session Manager.',
    },
    {
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      why: 'AWS has no resource for it; the namespace narrows it.',
      conditions: { StringEquals: { 'cloudwatch:namespace': nodeMetricsNamespace } },
    },
    {
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [arnOf(scope, 'logs', `log-group:${stackPrefix}*`)],
      why: 'The log groups of all sites, named after their stacks.',
    },
    {
      actions: ['secretsmanager:GetSecretValue'],
      resources: [arnOf(scope, 'secretsmanager', 'secret:*')],
      why: 'AWS chooses a part of the name; only secrets that carry our tag.',
      conditions: ourTag,
    },
    {
      actions: ['ssm:GetParameter', 'ssm:GetParameters'],
      resources: [arnOf(scope, 'ssm', `parameter${parameterPrefix}/*`)],
      why: 'The parameters of all sites; each role narrows it to its own.',
    },
    {
      actions: ['s3:ListBucket', 's3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      resources: [bucket],
      why: 'The buckets of all sites, named after their stacks, and what is in them.',
    },
    {
      actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      resources: [arnOf(scope, 'elasticfilesystem', 'file-system/*')],
      // NFS clients give no tags to judge by, so a condition on them would deny every mount; each role names its access point:
      // https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html#efs-condition-keys-for-nfs
      why: 'AWS chooses the id; each role of a site narrows it to its own access point.',
    },
  ];
}

// What AWS Backup does to a database and a file system, out of its managed policy for every service that it knows:
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
function backups(scope: Construct): Grant[] {
  const { region, urlSuffix } = Stack.of(scope);
  return [
    {
      actions: [
        'rds:AddTagsToResource',
        'rds:CopyDBSnapshot',
        'rds:CreateDBSnapshot',
        'rds:DescribeDBInstances',
        'rds:DescribeDBSnapshots',
        'rds:ListTagsForResource',
        'rds:ModifyDBInstance',
      ],
      resources: [arnOf(scope, 'rds', `db:${stackPrefix}*`), arnOf(scope, 'rds', 'snapshot:*')],
      why: 'The databases of all sites; AWS Backup names the snapshots.',
    },
    {
      // Expired ones, which it made itself.
      actions: ['rds:DeleteDBSnapshot'],
      resources: [arnOf(scope, 'rds', 'snapshot:awsbackup:*')],
      why: 'AWS Backup names its snapshots so.',
    },
    {
      actions: ['elasticfilesystem:Backup', 'elasticfilesystem:DescribeTags', 'elasticfilesystem:ListTagsForResource'],
      resources: [arnOf(scope, 'elasticfilesystem', 'file-system/*')],
      why: 'AWS chooses the id.',
    },
    {
      actions: ['backup:CopyFromBackupVault', 'backup:CopyIntoBackupVault', 'backup:DescribeBackupVault'],
      resources: [arnOf(scope, 'backup', `backup-vault:${stackPrefix}*`)],
      why: 'The vaults of all sites.',
    },
    { actions: ['tag:GetResources'], resources: ['*'], why: 'AWS has no resource for it.' },
    {
      actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      resources: [arnOf(scope, 'kms', 'key/*')],
      why: 'AWS chooses the ids of keys; only through the services that encrypt the backups.',
      conditions: {
        StringEquals: {
          'kms:ViaService': ['backup', 'elasticfilesystem', 'rds'].map((name) => `${name}.${region}.${urlSuffix}`),
        },
      },
    },
  ];
}
