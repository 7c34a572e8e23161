import { readFile } from 'node:fs/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dynamoStatuses } from '../../controller/aws/statuses.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import type { handler as reconcileHandler } from '../../functions/reconcile/handler.ts';
import { type LocalAws, startLocalAws } from '../../local/local-aws.ts';
import { localClient } from '../controller/aws/local-clients.ts';
import { type ControllerEnvironment, controllerEnvironment } from './controller-in-process.ts';

const documentFile = new URL('../../desired-state/sites/small.json', import.meta.url);

let aws: LocalAws;
let environment: ControllerEnvironment;
let handler: typeof reconcileHandler;
let document: string;
let invocations = 0;

beforeAll(async () => {
  aws = await startLocalAws();
  environment = await controllerEnvironment(aws);
  document = await readFile(documentFile, 'utf8');
  await imageParameter();
  const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  for (const [name, value] of Object.entries({ ...aws.env, ...environment, ...quiet })) vi.stubEnv(name, value);
  handler = (await import('../../functions/reconcile/handler.ts')).handler;
  await renderInProcess();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

/** The image that the document names, as the account's own parameter. */
async function imageParameter(): Promise<void> {
  const { image } = (JSON.parse(document) as { compute: { image: string } }).compute;
  const command = new PutParameterCommand({ Name: image, Type: 'String', Value: 'ami-0123456789abcdef0' });
  await new SSMClient(localClient(aws)).send(command);
}

/** The render function is called as Lambda calls it, in this process. */
async function renderInProcess(): Promise<void> {
  const render = (await import('../../functions/render/handler.ts')).handler;
  mockClient(LambdaClient)
    .on(InvokeCommand)
    .callsFake(async ({ Payload }: { Payload: string }) => {
      const answer = JSON.stringify(await render(JSON.parse(Payload)));
      return { Payload: { transformToString: () => answer } };
    });
}

async function commit(body: string): Promise<void> {
  const client = new S3Client(localClient(aws));
  await client.send(new PutObjectCommand({ Bucket: 'controller', Key: 'sites/small.json', Body: body }));
}

/** Delivers one message to the function, and says which messages it gave back. */
async function deliver(...bodies: string[]): Promise<readonly string[]> {
  invocations += 1;
  const Records = bodies.map((body, index) => ({ messageId: `m${index}`, body }) as SQSRecord);
  const context = { awsRequestId: `request-${invocations}` } as Context;
  const { batchItemFailures } = await handler({ Records } as SQSEvent, context);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const look = () => deliver(JSON.stringify({ version: 1, kind: 'site', site: 'small' }));

async function status(): Promise<SiteStatus | undefined> {
  const config = localClient(aws);
  const table = { client: new DynamoDBClient(config), tableName: 'controller' };
  const bucket = { client: new S3Client(config), bucketName: 'controller' };
  return dynamoStatuses(table, bucket, console).read('small');
}

async function stackStatuses(): Promise<Record<string, string | undefined>> {
  const { Stacks } = await new CloudFormationClient(localClient(aws)).send(new DescribeStacksCommand({}));
  return Object.fromEntries((Stacks ?? []).map(({ StackName, StackStatus }) => [StackName ?? '', StackStatus]));
}

/** The bodies that wait in reconcile's own queue; they are taken out of it. */
async function rung(): Promise<string[]> {
  const client = new SQSClient(localClient(aws));
  const QueueUrl = environment.RECONCILE_QUEUE_URL;
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages ?? []) {
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
  return (Messages ?? []).map(({ Body }) => Body ?? '');
}

it('says what is wrong with a document, and touches nothing', async () => {
  await commit(document.replace('"schemaVersion": 1', '"schemaVersion": 7'));
  expect(await look()).toEqual([]);
  const said = await status();
  expect(said?.issues).toMatchObject([{ path: 'schemaVersion', line: expect.any(Number) }]);
  expect(said?.conditions).toContainEqual(expect.objectContaining({ type: 'Stalled', reason: 'InvalidDocument' }));
  expect(await stackStatuses()).toEqual({});
});

it('creates the first layer of a site, look by look', async () => {
  await commit(document);
  await vi.waitFor(
    async () => {
      expect(await look()).toEqual([]);
      expect(await stackStatuses()).toMatchObject({ 'nextcloud-site-small-network': 'CREATE_COMPLETE' });
    },
    { timeout: 25_000, interval: 300 },
  );
  const said = await status();
  expect(said?.issues).toEqual([]);
  expect(said?.layers.map(({ layer }) => layer)).toContain('network');
});

it('drops what is not ours, and answers the rest of the batch', async () => {
  const strange = [
    '',
    '{}',
    '[]',
    '{"version":9,"kind":"site","site":"small"}',
    '{"Event":"autoscaling:TEST_NOTIFICATION"}',
  ];
  expect(await deliver(...strange, '{"version":1,"kind":"tick"}')).toEqual([]);
});

it('rings for every site that it knows at a resync', async () => {
  while ((await rung()).length > 0);
  expect(await deliver('{"version":1,"kind":"resync"}')).toEqual([]);
  expect(await rung()).toContain('{"version":1,"kind":"site","site":"small"}');
});

it('orphans a site whose document is gone, and touches nothing', async () => {
  const before = await stackStatuses();
  const client = new S3Client(localClient(aws));
  await client.send(new DeleteObjectCommand({ Bucket: 'controller', Key: 'sites/small.json' }));
  expect(await look()).toEqual([]);
  expect((await status())?.conditions).toContainEqual(expect.objectContaining({ reason: 'Orphaned' }));
  expect(Object.keys(await stackStatuses()).sort()).toEqual(Object.keys(before).sort());
});

it('gives back a message whose look could not reach its table', async () => {
  const tables = mockClient(DynamoDBClient).rejects(Object.assign(new Error('slow'), { name: 'ThrottlingException' }));
  expect(await deliver('{"version":1,"kind":"site","site":"small"}')).toEqual(['m0']);
  tables.restore();
});
