import type { CfnInstanceProfile, CfnRole } from 'aws-cdk-lib/aws-iam';
import { Fn } from 'aws-cdk-lib/core';
import { nodeMetricsNamespace } from '../names.ts';
import { regionalArn } from './arn.ts';
import { instanceProfile, type Statement, sessionManagerStatements, siteRole } from './iam.ts';
import { instanceRoleName } from './instance-role-name.ts';
import type { LayerStack } from './layer-stack.ts';
import type { NodeLogGroups } from './node-log-groups.ts';
import { nodeBucketPrefix, nodeParameterNames } from './node-parameters.ts';
import type { WebInputs } from './web.ts';

/** The nodes' role, and the profile that carries it. */
export interface InstanceRole {
  readonly role: CfnRole;
  readonly profile: CfnInstanceProfile;
}

/**
 * What a node may do: be reached by Systems Manager, publish metrics and logs, read its own secrets and parameters, work below its own prefix
 * of the site's bucket, mount the file system. It may not complete its own lifecycle hook. `*` stands only where AWS knows no resource.
 */
export function addInstanceRole(stack: LayerStack, inputs: WebInputs, logGroups: NodeLogGroups): InstanceRole {
  const role = siteRole(stack, {
    id: 'InstanceRole',
    description: `Nodes of the Nextcloud site ${stack.site.name}`,
    service: 'ec2.amazonaws.com',
    roleName: instanceRoleName(stack.site),
    policies: {
      'session-manager': sessionManagerStatements(),
      observing: observingStatements(logGroups),
      configuration: configurationStatements(stack, inputs),
      bucket: bucketStatements(inputs),
      'file-system': [fileSystemStatement(inputs)],
    },
  });
  return { role, profile: instanceProfile(stack, 'InstanceProfile', role) };
}

function observingStatements(logGroups: NodeLogGroups): Statement[] {
  return [
    {
      Sid: 'PublishMetrics',
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': nodeMetricsNamespace } },
    },
    {
      Sid: 'WriteLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      Resource: [logGroups.system.attrArn, logGroups.web.attrArn, logGroups.nextcloud.attrArn],
    },
  ];
}

function configurationStatements(stack: LayerStack, inputs: WebInputs): Statement[] {
  return [
    {
      Sid: 'ReadOwnSecrets',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: [inputs.databaseSecretArn, inputs.cacheSecretArn, inputs.installationSecretArn],
    },
    {
      Sid: 'ReadOwnParameters',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: Object.values(nodeParameterNames(stack.site.name)).map((name) =>
        regionalArn('ssm', `parameter${name}`),
      ),
    },
  ];
}

function bucketStatements(inputs: WebInputs): Statement[] {
  const bucket = (suffix: string) =>
    Fn.join('', ['arn:', Fn.ref('AWS::Partition'), ':s3:::', inputs.siteBucketName, suffix]);
  return [
    {
      Sid: 'ListOwnPrefix',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: bucket(''),
      Condition: { StringLike: { 's3:prefix': `${nodeBucketPrefix}*` } },
    },
    {
      Sid: 'WorkBelowOwnPrefix',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      Resource: bucket(`/${nodeBucketPrefix}*`),
    },
  ];
}

function fileSystemStatement(inputs: WebInputs): Statement {
  return {
    Sid: 'MountFileSystem',
    Effect: 'Allow',
    Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
    Resource: inputs.fileSystemArn,
    Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': inputs.accessPointArn } },
  };
}
