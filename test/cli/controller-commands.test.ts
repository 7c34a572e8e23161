import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyMemory } from '../../controller/reconcile/memory.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import { type LocalAws, startLocalAws } from '../../local/local-aws.ts';
import { changed } from '../desired-state/documents.ts';
import { ncctl } from './run-ncctl.ts';

const at = '2026-11-25T12:00:00.000Z';

const status = (site: string, change: Partial<SiteStatus> = {}): SiteStatus => ({
  formatVersion: 1,
  site,
  writer: 'reconcile',
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Succeeded',
      message: 'synced and healthy',
      observedRevision: 'abc',
      lastTransitionTime: at,
    },
    {
      type: 'Synced',
      status: 'True',
      reason: 'Succeeded',
      message: '',
      observedRevision: 'abc',
      lastTransitionTime: at,
    },
    {
      type: 'Healthy',
      status: 'True',
      reason: 'Succeeded',
      message: '2 of 2',
      observedRevision: 'abc',
      lastTransitionTime: at,
    },
  ],
  sync: 'Synced',
  health: 'Healthy',
  lastAttemptedRevision: 'abc',
  lastAppliedRevision: 'abc',
  layers: [
    { layer: 'network', stackName: `nextcloud-site-${site}-network`, state: 'in sync', message: '', changes: [] },
  ],
  capacity: [],
  blockedBy: [],
  issues: [],
  hostedZoneNameServers: ['ns-1.example.net'],
  history: [{ at, revision: 'abc', reason: 'Succeeded', message: 'applied' }],
  memory: emptyMemory,
  updatedAt: at,
  ...change,
});

const waiting = status('staging', {
  sync: 'OutOfSync',
  conditions: [
    {
      type: 'Ready',
      status: 'False',
      reason: 'AwaitingApproval',
      message: 'a person must approve\u001b[2J',
      observedRevision: 'def',
      lastTransitionTime: at,
    },
  ],
  layers: [
    {
      layer: 'network',
      stackName: 'nextcloud-site-staging-network',
      state: 'blocked',
      message: 'addresses would be removed',
      planDigest: 'ab'.repeat(32),
      risk: 'destructive',
      changes: ['Remove NatGateway3 (AWS::EC2::NatGateway)'],
    },
  ],
  blockedBy: [
    { gate: 'approval', subject: 'network', reason: 'AwaitingApproval', message: `approve ${'ab'.repeat(32)}` },
  ],
});

/** What the commands need of the controller's stack. */
const template = {
  Resources: { Bucket: { Type: 'AWS::S3::Bucket' }, Queue: { Type: 'AWS::SQS::Queue' } },
  Outputs: {
    BucketName: { Value: { Ref: 'Bucket' } },
    ReconcileQueueUrl: { Value: { Ref: 'Queue' } },
  },
};

let aws: LocalAws;
let s3: S3Client;
let sqs: SQSClient;
let bucket: string;
let queueUrl: string;

beforeAll(async () => {
  aws = await startLocalAws();
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = aws.env;
  const client = { endpoint: aws.endpoint, region: aws.region, credentials: { accessKeyId, secretAccessKey } };
  s3 = new S3Client(client);
  sqs = new SQSClient(client);
  const cloudFormation = new CloudFormationClient(client);
  const StackName = 'nextcloud-gitops';
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
  const outputs = await settled(cloudFormation, StackName);
  cloudFormation.destroy();
  bucket = outputs.get('BucketName') ?? '';
  queueUrl = outputs.get('ReconcileQueueUrl') ?? '';
});

afterAll(async () => {
  s3?.destroy();
  sqs?.destroy();
  await aws?.stop();
});

async function settled(client: CloudFormationClient, StackName: string): Promise<ReadonlyMap<string, string>> {
  for (;;) {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    const stack = Stacks?.[0];
    if (stack?.StackStatus === 'CREATE_COMPLETE') {
      return new Map((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
    }
    if (stack?.StackStatus !== 'CREATE_IN_PROGRESS') throw new Error(`the stack is ${stack?.StackStatus}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
const run = (...args: string[]) => ncctl(args, { env: aws.env });

async function received(): Promise<string> {
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 20 }));
  const [message] = Messages ?? [];
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message?.ReceiptHandle ?? '' }));
  return message?.Body ?? '';
}

describe('ncctl status', () => {
  it('says that there is no site yet', async () => {
    expect(await run('status')).toEqual({
      code: 0,
      out: 'there is no site yet: commit a document to sites/\n',
      err: '',
    });
  });

  it('shows all sites, and ends with 1 when one is not Ready', async () => {
    await put('status/production.json', JSON.stringify(status('production')));
    await put('status/staging.json', JSON.stringify(waiting));
    await put('status/staging.plan.md', '# not a status');
    const { code, out } = await run('status');
    expect(code).toBe(1);
    expect(out).toBe(`SITE        READY      SYNC       HEALTH   REASON            MESSAGE
production  Ready      Synced     Healthy  Succeeded         synced and healthy
staging     not Ready  OutOfSync  Healthy  AwaitingApproval  a person must approve·[2J
`);
  });

  it('shows one site with all that is said of it', async () => {
    const ready = await run('status', 'production');
    expect(ready.code).toBe(0);
    expect(ready.out).toContain('name server  ns-1.example.net');
    expect(ready.out).toContain(`History\n  ${at}  abc  Succeeded  applied\n`);
    const { code, out } = await run('status', 'staging');
    expect(code).toBe(1);
    expect(out).toContain(`Held back by\n  approval  network  AwaitingApproval  approve ${'ab'.repeat(32)}\n`);
    expect(out).toContain(`Layers
  network  blocked  destructive  addresses would be removed
      plan ${'ab'.repeat(32)}
      Remove NatGateway3 (AWS::EC2::NatGateway)
`);
  });

  it('gives the file itself to programs', async () => {
    expect(JSON.parse((await run('status', 'staging', '--json')).out)).toEqual(waiting);
    expect(JSON.parse((await run('status', '--json')).out)).toEqual([status('production'), waiting]);
  });

  it('tells a site that is not known from one that was not looked at, and an unreadable status', async () => {
    await put('sites/fresh.json', changed({ name: 'fresh' }));
    await put('status/newer.json', JSON.stringify({ ...waiting, formatVersion: 2 }));
    const errors = await Promise.all(['nobody', 'fresh', 'newer'].map((site) => run('status', site)));
    expect(errors.map(({ code, err }) => [code, err])).toEqual([
      [2, 'ncctl: there is no status of nobody: there is no document sites/nobody.json\n'],
      [2, 'ncctl: there is no status of fresh: the controller has not looked at it yet\n'],
      [
        2,
        "ncctl: the status of newer has a format that this ncctl does not know: use the one of the controller's version\n",
      ],
    ]);
  });

  it('says when there is no controller', async () => {
    const { code, err } = await run('status', '--stack', 'elsewhere');
    expect(code).toBe(2);
    expect(err).toContain('there is no stack elsewhere in this account and region');
    expect((await run('status', 'production', '--stack', 'elsewhere', '--bucket', bucket)).code).toBe(0);
  });
});

describe('ncctl reconcile', () => {
  it('rings the bell with a token, and prints it', async () => {
    const { code, out } = await run('reconcile', 'production');
    expect(code).toBe(0);
    expect(JSON.parse(await received())).toEqual({
      version: 1,
      kind: 'manual',
      site: 'production',
      requestedAt: out.trim(),
    });
    expect(out.trim()).not.toBe('');
  });

  it('waits until the status echoes its own token, and ends like the site', async () => {
    const running = run('reconcile', 'staging', '--wait', '--timeout', '60');
    const { requestedAt } = JSON.parse(await received()) as { requestedAt: string };
    await put('status/staging.json', JSON.stringify({ ...waiting, lastHandledReconcileAt: 'an older one' }));
    await put('status/staging.json', JSON.stringify({ ...waiting, lastHandledReconcileAt: requestedAt }));
    const { code, out, err } = await running;
    expect({ code, out }).toEqual({ code: 1, out: `${requestedAt}\n` });
    expect(err).toContain(`requested  ${requestedAt}`);
  });

  it('says when the controller does not answer in time', async () => {
    const { code, err } = await run('reconcile', 'production', '--wait', '--timeout', '1');
    expect(code).toBe(2);
    expect(err).toContain('has not handled the request within 1 s');
    await received();
  });

  it('asks for no site that nobody knows', async () => {
    const { code, err } = await run('reconcile', 'nobody');
    expect(code).toBe(2);
    expect(err).toContain('there is no document sites/nobody.json');
  });
});
