import { Aws, type Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { stackPrefix, tagKeys } from '../names.ts';
import type { Grant, Grants } from './grants.ts';
import { arnOf, listing, onNoResource, onObjects } from './permissions.ts';
import { bucketPrefixes, dueIndexName } from './storage.ts';

export interface ReconcileResources {
  readonly bucket: s3.Bucket;
  readonly table: dynamodb.TableV2;
  readonly bell: sqs.Queue;
  readonly render: lambda.Function;
  readonly executionRoleArn: string;
}

/** Where an account's own image parameters must lie, so that a document cannot make the controller read any other parameter. */
export const imageParameterPrefix = '/nextcloud-gitops/images/';

/** How the names of reconcile's change sets begin. */
const changeSetPrefix = 'nc-';

const reference = 'https://docs.aws.amazon.com/service-authorization/latest/reference';
const ourSites = { Null: { [`aws:ResourceTag/${tagKeys.site}`]: 'false' } };

/** Everything that reconcile may do, by policy name. It has no right to delete a stack, and none to change data. */
export function reconcileGrants(stack: Stack, resources: ReconcileResources): Grants {
  return {
    documents: documents(resources),
    work: work(resources),
    stacks: stacks(stack, resources),
    capacity: capacity(stack),
    health: health(stack),
    images: [images(stack)],
  };
}

function documents({ bucket }: ReconcileResources): Grant[] {
  return [
    onObjects(bucket, bucketPrefixes.sites, ['s3:GetObject', 's3:GetObjectVersion']),
    // Templates too: CloudFormation reads a TemplateURL with its caller's rights.
    onObjects(bucket, bucketPrefixes.rendered, ['s3:GetObject']),
    onObjects(bucket, bucketPrefixes.status, ['s3:GetObject']),
    listing(bucket),
  ];
}

function work({ table, bell, render }: ReconcileResources): Grant[] {
  return [
    // TransactWriteItems has no action of its own: each item is judged by what is done to it.
    {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      resources: [table.tableArn],
    },
    { actions: ['dynamodb:Query'], resources: [`${table.tableArn}/index/${dueIndexName}`] },
    {
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
      resources: [bell.queueArn],
    },
    { actions: ['lambda:InvokeFunction'], resources: [render.functionArn] },
  ];
}

function stacks(stack: Stack, { bucket, executionRoleArn }: ReconcileResources): Grant[] {
  const ours = {
    resources: [arnOf(stack, 'cloudformation', `stack/${stackPrefix}*/*`)],
    why: 'The stacks of all sites, whose names begin so; the rest of a stack id is AWS’s.',
  };
  return [
    {
      actions: [
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStacks',
        // The tags of a new stack.
        'cloudformation:TagResource',
        'cloudformation:UpdateTerminationProtection',
      ],
      ...ours,
    },
    // They are sent with the change set's ARN and no stack. The reference judges them on the stack; whether AWS finds the stack of such an
    // ARN is written nowhere, so both are here: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
    {
      actions: [
        'cloudformation:DeleteChangeSet',
        'cloudformation:DescribeChangeSet',
        'cloudformation:ExecuteChangeSet',
      ],
      resources: [...ours.resources, arnOf(stack, 'cloudformation', `changeSet/${changeSetPrefix}*/*`)],
      why: 'The stacks of all sites and the change sets that reconcile makes, whose names begin so; the rest of both ids is AWS’s.',
    },
    // Only a template that render wrote, and only by the one role: a change set without it would work with this function's own rights.
    {
      actions: ['cloudformation:CreateChangeSet'],
      ...ours,
      conditions: {
        ArnEquals: { 'cloudformation:RoleArn': executionRoleArn },
        StringLike: {
          'cloudformation:TemplateUrl': `https://s3.${stack.region}.${Aws.URL_SUFFIX}/${bucket.bucketName}/${bucketPrefixes.rendered}*`,
        },
      },
    },
    {
      actions: ['iam:PassRole'],
      resources: [executionRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    },
    // A resync finds by it the sites that have stacks and no document.
    onNoResource(['cloudformation:ListStacks'], `${reference}/list_awscloudformation.html`),
  ];
}

function capacity(stack: Stack): Grant[] {
  return [
    // The alarms of target tracking are made by Auto Scaling's own service-linked role, so no CloudWatch right is needed:
    // https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html
    {
      actions: ['autoscaling:PutScalingPolicy', 'autoscaling:UpdateAutoScalingGroup'],
      resources: [arnOf(stack, 'autoscaling', `autoScalingGroup:*:autoScalingGroupName/${stackPrefix}*`)],
      conditions: ourSites,
      why: 'The groups of all sites, named after their stacks and carrying our tag; the middle of the ARN is AWS’s.',
    },
    onNoResource(
      ['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribePolicies'],
      `${reference}/list_amazonec2autoscaling.html`,
    ),
  ];
}

function health(stack: Stack): Grant[] {
  return [
    {
      actions: ['rds:DescribeDBInstances'],
      resources: [arnOf(stack, 'rds', `db:${stackPrefix}*`)],
      why: 'The databases of all sites, named after their stacks.',
    },
    {
      actions: ['elasticache:DescribeReplicationGroups'],
      resources: [arnOf(stack, 'elasticache', 'replicationgroup:*')],
      why: 'CloudFormation shortens the name to the 40 characters that ElastiCache allows, so no prefix of ours is certain; a read.',
    },
    {
      actions: ['elasticfilesystem:DescribeMountTargets'],
      resources: [arnOf(stack, 'elasticfilesystem', 'file-system/*')],
      conditions: ourSites,
      why: 'The id is AWS’s; only file systems that carry our tag.',
    },
    onNoResource(['elasticloadbalancing:DescribeTargetHealth'], `${reference}/list_elasticloadbalancingv2.html`),
  ];
}

function images(stack: Stack): Grant {
  return {
    actions: ['ssm:GetParameters'],
    resources: [
      // The public ones belong to no account.
      arnOf(stack, 'ssm', 'parameter/aws/service/*', ''),
      arnOf(stack, 'ssm', `parameter${imageParameterPrefix}*`),
    ],
    why: 'AWS’s public parameters, and those of the account below our own path: a document names which.',
  };
}
