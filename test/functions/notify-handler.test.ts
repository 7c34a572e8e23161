import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readText } from '../../controller/aws/objects.ts';
import { dynamoStatuses } from '../../controller/aws/statuses.ts';
import type { handler as notifyHandler } from '../../functions/notify/handler.ts';
import { type LocalAws, startLocalAws } from '../../local/local-aws.ts';
import { localClient } from '../controller/aws/local-clients.ts';
import { statusOf } from '../controller/status/status-of-test.ts';
import { type ControllerEnvironment, controllerEnvironment } from './controller-in-process.ts';

const entry = { at: '2026-11-25T03:00:00.000Z', revision: 'abc1234', reason: 'Succeeded', message: 'applied' } as const;
const status = statusOf({
  site: 'production',
  conditions: [],
  lastAppliedRevision: 'abc1234',
  history: [entry],
  updatedAt: entry.at,
});

let aws: LocalAws;
let environment: ControllerEnvironment;
let handler: typeof notifyHandler;
let queueUrl: string;

beforeAll(async () => {
  aws = await startLocalAws();
  environment = await controllerEnvironment(aws);
  queueUrl = await subscribedQueue();
  const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT' };
  for (const [name, value] of Object.entries({ ...aws.env, ...environment, ...quiet })) vi.stubEnv(name, value);
  handler = (await import('../../functions/notify/handler.ts')).handler;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

async function subscribedQueue(): Promise<string> {
  const queues = new SQSClient(localClient(aws));
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
    Condition: { ArnEquals: { 'aws:SourceArn': environment.TOPIC_ARN } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'subscriber', Attributes: { Policy } }));
  const { Attributes } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const subscription = { TopicArn: environment.TOPIC_ARN, Protocol: 'sqs', Endpoint: Attributes?.['QueueArn'] };
  const filter = { FilterPolicy: JSON.stringify({ site: ['production'], severity: ['info'] }) };
  await new SNSClient(localClient(aws)).send(new SubscribeCommand({ ...subscription, Attributes: filter }));
  return QueueUrl ?? '';
}

it('turns a written status into the files for people and a notification', async () => {
  const config = localClient(aws);
  const bucket = { client: new S3Client(config), bucketName: 'controller' };
  const statuses = dynamoStatuses({ client: new DynamoDBClient(config), tableName: 'controller' }, bucket, console);
  await statuses.write(status, [entry]);
  const keys = { pk: { S: 'site#production' }, sk: { S: 'status#reconcile' } };
  const NewImage = { ...keys, version: { N: '1' }, status: { S: JSON.stringify(status) } };
  const event = { Records: [{ dynamodb: { SequenceNumber: '1', Keys: keys, NewImage } }] } as DynamoDBStreamEvent;
  expect(await handler(event, { awsRequestId: 'request-1' } as Context)).toEqual({ batchItemFailures: [] });

  // The same delivery once more is not heard a second time.
  await handler(event, { awsRequestId: 'request-2' } as Context);

  expect(await statuses.readFile('production')).toEqual(status);
  expect(await readText(bucket, 'status/production.plan.md')).toMatch(/production.*Synced.*Healthy/s);
  const { Messages } = await new SQSClient(config).send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 }),
  );
  expect(Messages).toHaveLength(1);
  const envelope = JSON.parse(Messages?.[0]?.Body ?? '{}') as { Subject?: string; Message?: string };
  expect(envelope.Subject).toBe('production: Succeeded');
  expect(JSON.parse(envelope.Message ?? '{}')).toEqual({
    involvedObject: { kind: 'Site', name: 'production' },
    severity: 'info',
    timestamp: entry.at,
    message: 'revision abc1234 is applied',
    reason: 'Succeeded',
    metadata: { revision: 'abc1234' },
    reportingController: 'nextcloud-gitops',
  });
});
