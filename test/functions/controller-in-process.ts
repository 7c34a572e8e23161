import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LocalAws } from '../../local/local-aws.ts';
import { createVersionedBucket } from '../controller/aws/bucket-of-test.ts';
import { localClient } from '../controller/aws/local-clients.ts';
import { createTable } from '../controller/aws/table-of-test.ts';

/** What the functions find in their environment, as infra/controller deploys it. */
export interface ControllerEnvironment {
  readonly AWS_REGION: string;
  readonly BUCKET_NAME: string;
  readonly TABLE_NAME: string;
  readonly RECONCILE_QUEUE_URL: string;
  readonly RENDER_FUNCTION_NAME: string;
  readonly EXECUTION_ROLE_ARN: string;
  readonly RENDERER_VERSION: string;
  readonly TOPIC_ARN: string;
  readonly POWERTOOLS_SERVICE_NAME: string;
  readonly POWERTOOLS_METRICS_NAMESPACE: string;
}

/** Makes on a local AWS what the functions work with, without deploying them. */
export async function controllerEnvironment(aws: LocalAws): Promise<ControllerEnvironment> {
  const config = localClient(aws);
  const buckets = new S3Client(config);
  await createVersionedBucket(buckets, 'controller');
  await createTable(new DynamoDBClient(config), 'controller');
  const queues = new SQSClient(config);
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'reconcile' }));
  const { TopicArn } = await new SNSClient(config).send(new CreateTopicCommand({ Name: 'notifications' }));
  return {
    AWS_REGION: aws.region,
    BUCKET_NAME: 'controller',
    TABLE_NAME: 'controller',
    RECONCILE_QUEUE_URL: QueueUrl ?? '',
    RENDER_FUNCTION_NAME: 'render',
    EXECUTION_ROLE_ARN: await executionRole(new IAMClient(config)),
    RENDERER_VERSION: 'r1',
    TOPIC_ARN: TopicArn ?? '',
    POWERTOOLS_SERVICE_NAME: 'reconcile',
    POWERTOOLS_METRICS_NAMESPACE: 'NextcloudGitops',
  };
}

async function executionRole(client: IAMClient): Promise<string> {
  const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await client.send(
    new CreateRoleCommand({ RoleName: 'execution', AssumeRolePolicyDocument: document(trust) }),
  );
  await client.send(
    new PutRolePolicyCommand({
      RoleName: 'execution',
      PolicyName: 'all',
      PolicyDocument: document({ Effect: 'Allow', Action: '*', Resource: '*' }),
    }),
  );
  return Role?.Arn ?? '';
}
