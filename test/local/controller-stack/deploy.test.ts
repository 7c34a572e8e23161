import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRoleCommand, IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { bundlesFolder } from '../../infra/controller/template.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const appFile = fileURLToPath(new URL('./app.ts', import.meta.url));

let aws: LocalAws;
let folder: string;
let bundles: string;
let outputs: Record<string, string>;

/** `cdk` as a person runs it, with a home of its own. */
async function cdk(...args: string[]): Promise<void> {
  const env = { ...aws.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`, HOME: folder, CI: '1' };
  const child = spawn(join(root, 'node_modules/.bin/cdk'), [...args, '--app', `node ${appFile} ${bundles}`], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`cdk ${args[0]} ended with ${code}:\n${Buffer.concat(output)}`);
}

/** How an SDK client reaches the local AWS as the account's root. */
function client() {
  return {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  };
}

beforeAll(async () => {
  aws = await startLocalAws();
  folder = mkdtempSync(join(tmpdir(), 'controller-stack-'));
  bundles = bundlesFolder();
  await cdk('bootstrap', `aws://000000000000/${aws.region}`);
  const outputsFile = join(folder, 'outputs.json');
  await cdk(
    'deploy',
    '--require-approval',
    'never',
    '--output',
    join(folder, 'cdk.out'),
    '--outputs-file',
    outputsFile,
  );
  outputs = JSON.parse(readFileSync(outputsFile, 'utf8'))['nextcloud-gitops'];
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(bundles, { recursive: true, force: true });
  await aws.stop();
});

describe('the controller, deployed by the real cdk', () => {
  test('is there, and says where everything is', async () => {
    const { Stacks } = await new CloudFormationClient(client()).send(
      new DescribeStacksCommand({ StackName: 'nextcloud-gitops' }),
    );
    expect(Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
    expect(Object.keys(outputs).sort()).toEqual([
      'BucketName',
      'ExecutionRoleArn',
      'NotifyFunctionName',
      'NotifyLogGroupName',
      'ReconcileFunctionName',
      'ReconcileLogGroupName',
      'ReconcileQueueUrl',
      'RenderFunctionName',
      'RenderLogGroupName',
      'TableName',
      'TopicArn',
    ]);
  });

  test('has the execution role with all its policies', async () => {
    const iam = new IAMClient(client());
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'nextcloud-gitops-execution' }));
    expect(Role?.Arn).toBe(outputs['ExecutionRoleArn']);
    const { AttachedPolicies } = await iam.send(
      new ListAttachedRolePoliciesCommand({ RoleName: 'nextcloud-gitops-execution' }),
    );
    expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName).sort()).toEqual(
      ['data', 'denials', 'identity', 'network', 'storage', 'web'].map((part) => `nextcloud-gitops-execution-${part}`),
    );
  });

  test('hears of a document through EventBridge and the bell, and of nothing else in the bucket', async () => {
    const s3 = new S3Client(client());
    const Bucket = outputs['BucketName'];
    await s3.send(new PutObjectCommand({ Bucket, Key: 'status/other.json', Body: '{}' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'sites/production.json', Body: '{}' }));
    const heard = await expect
      .poll(() => logOf('ReconcileLogGroupName'), { timeout: 60_000, interval: 500 })
      .toContain('sites/production.json')
      .then(() => logOf('ReconcileLogGroupName'));
    expect(heard).not.toContain('status/other.json');
  });
});

async function logOf(output: string): Promise<string> {
  const { events } = await new CloudWatchLogsClient(client()).send(
    new FilterLogEventsCommand({ logGroupName: outputs[output] }),
  );
  return (events ?? []).map(({ message }) => message).join('\n');
}
