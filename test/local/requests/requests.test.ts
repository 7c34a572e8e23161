import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { root } from '../iam/assumed-role.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws({ failOnViolations: false });
});
afterAll(() => aws.stop());

/** A request about to be signed, which a case spoils. */
type Outgoing = { body?: unknown; query?: Record<string, string> };

/** The SDK sends only what the model knows: this spoils its request before it is signed. */
function spoiling<Client extends { readonly middlewareStack: { add: (...args: never[]) => void } }>(
  client: Client,
  spoil: (request: Outgoing) => void,
): Client {
  type Next = (args: { request: unknown }) => Promise<unknown>;
  const middleware = (next: Next) => (args: { request: unknown }) => {
    spoil(args.request as Outgoing);
    return next(args);
  };
  const add = client.middlewareStack.add as unknown as (with_: typeof middleware, options: object) => void;
  // After the serializer, before Content-Length is counted and the request signed.
  add.call(client.middlewareStack, middleware, { step: 'serialize', priority: 'low', name: 'spoil' });
  return client;
}

type Case = {
  readonly name: string;
  readonly send: () => Promise<unknown>;
  readonly code: string;
  readonly says: string;
};

const cases: readonly Case[] = [
  {
    name: 'query: a required parameter is missing',
    send: () =>
      spoiling(new AutoScalingClient(root(aws)), (request) => {
        request.body = String(request.body).replace(/&MinSize=0/, '');
      }).send(group()),
    code: 'ValidationError',
    says: 'autoscaling CreateAutoScalingGroup: missing parameter MinSize',
  },
  {
    name: 'query: a list that is not numbered as the model says',
    send: () =>
      spoiling(new AutoScalingClient(root(aws)), (request) => {
        request.body = `${request.body}&TargetGroupARNs.1=arn`;
      }).send(group()),
    code: 'ValidationError',
    says: 'TargetGroupARNs should be a list',
  },
  {
    name: 'query: a number that is none',
    send: () =>
      spoiling(new AutoScalingClient(root(aws)), (request) => {
        request.body = String(request.body).replace('MinSize=0', 'MinSize=none');
      }).send(group()),
    code: 'ValidationError',
    says: 'MinSize should be of type integer, is str',
  },
  {
    name: 'ec2: a parameter that does not exist',
    send: () =>
      spoiling(new EC2Client(root(aws)), (request) => {
        request.body = `${request.body}&CidrBlok=10.0.0.0%2F16`;
      }).send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })),
    code: 'UnknownParameter',
    says: 'ec2 CreateVpc: unknown parameter CidrBlok',
  },
  {
    name: 'json: a member deep inside that does not exist',
    send: () =>
      spoiling(new DynamoDBClient(root(aws)), (request) => {
        request.body = JSON.stringify({ TableName: 'state', Key: { pk: { String: 'x' } } });
      }).send(new GetItemCommand({ TableName: 'state', Key: { pk: { S: 'x' } } })),
    code: 'ValidationException',
    says: 'dynamodb GetItem: unknown parameter Key.pk.String',
  },
  {
    name: 'json: an operation that does not exist',
    send: () =>
      new DynamoDBClient({ ...root(aws), maxAttempts: 1 }).send(
        renamed(new GetItemCommand({ TableName: 'state', Key: { pk: { S: 'x' } } })),
      ),
    code: 'ValidationException',
    says: 'dynamodb DynamoDB_20120810.GetItems: no such operation',
  },
  {
    name: 'rest-json: a number outside its limits',
    send: () => new LambdaClient(root(aws)).send(new ListFunctionsCommand({ MaxItems: 100_000 })),
    code: 'ValidationException',
    says: 'lambda ListFunctions: MaxItems is above 10000',
  },
  {
    name: 'rest-xml: a value that the model does not list',
    send: () =>
      new Route53Client(root(aws)).send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: 'Z1',
          ChangeBatch: {
            Changes: [{ Action: 'REPLACE' as 'UPSERT', ResourceRecordSet: { Name: 'a.example', Type: 'A' } }],
          },
        }),
      ),
    code: 'ValidationError',
    says: 'route53 ChangeResourceRecordSets: ChangeBatch.Changes[1].Action is none of CREATE, DELETE, UPSERT',
  },
  {
    name: 's3: a query parameter that does not exist',
    send: () =>
      spoiling(new S3Client({ ...root(aws), forcePathStyle: true }), (request) => {
        request.query = { ...request.query, prefixes: 'sites/' };
      }).send(new ListObjectsV2Command({ Bucket: 'site-bucket' })),
    code: 'InvalidRequest',
    says: 's3 ListObjectsV2: unknown parameter prefixes',
  },
];

test.each(cases)('$name', async ({ send, code, says }) => {
  await expect(send()).rejects.toMatchObject({ name: code });
  expect((await aws.violations()).at(-1)).toContain(says);
});

test("what keeps to the model passes, whatever the contents of an object, and a run's end reports what did not", async () => {
  const strict = await startLocalAws();
  const s3 = new S3Client({ ...root(strict), forcePathStyle: true });
  const missing = s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'sites/a b/{c}.json' }));
  await expect(missing).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(
    s3.send(new PutObjectCommand({ Bucket: 'no-such-bucket', Key: 'a', Body: '<Not>XML' })),
  ).rejects.toMatchObject({ name: 'NoSuchBucket' });
  expect(await strict.violations()).toEqual([]);
  await expect(
    new LambdaClient(root(strict)).send(new ListFunctionsCommand({ MaxItems: 100_000 })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(strict.stop()).rejects.toThrow('lambda ListFunctions: MaxItems is above 10000');
});

function group() {
  return new CreateAutoScalingGroupCommand({
    AutoScalingGroupName: 'web',
    MinSize: 0,
    MaxSize: 0,
    LaunchTemplate: { LaunchTemplateName: 'web' },
  });
}

/** The same command with a target that no service has. */
function renamed(command: GetItemCommand): GetItemCommand {
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { headers: Record<string, string> };
      request.headers['x-amz-target'] = 'DynamoDB_20120810.GetItems';
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  return command;
}
