import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  type FunctionCode,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleHandler } from '../../../esbuild.config.mjs';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { root } from '../iam/assumed-role.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const role = 'arn:aws:iam::000000000000:role/acting';
let aws: LocalAws;
let work: string;
let lambda: LambdaClient;
let s3: S3Client;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'functions-'));
  aws = await startLocalAws();
  lambda = new LambdaClient(root(aws));
  s3 = new S3Client({ ...root(aws), forcePathStyle: true });
  await createRole();
  await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
  await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'granted/a.json', Body: 'granted' }));
  await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'other/a.json', Body: 'other' }));
  await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'acting.zip', Body: await bundle('acting') }));
  await create('acting', { S3Bucket: 'code', S3Key: 'acting.zip' }, 2);
});
afterAll(async () => {
  rmSync(work, { recursive: true, force: true });
  await aws.stop();
});

function document(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

function trustOfLambda(): string {
  return document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
}

async function createRole(): Promise<void> {
  const iam = new IAMClient(root(aws));
  const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::code/granted/*' };
  await iam.send(new CreateRoleCommand({ RoleName: 'acting', AssumeRolePolicyDocument: trustOfLambda() }));
  await iam.send(new PutRolePolicyCommand({ RoleName: 'acting', PolicyName: 'read', PolicyDocument: document(read) }));
}

async function bundle(name: string): Promise<Buffer> {
  const folder = join(work, name);
  await bundleHandler(`test/local/lambda/functions/${name}.ts`, folder);
  return zipped(folder, 'index.mjs');
}

function zipped(folder: string, file: string): Buffer {
  const archive = join(work, 'archive.zip');
  rmSync(archive, { force: true });
  execFileSync(join(project, '.venv', 'bin', 'python'), ['-m', 'zipfile', '-c', archive, join(folder, file)]);
  return readFileSync(archive);
}

function definition(FunctionName: string, Code: FunctionCode, Timeout: number): CreateFunctionCommandInput {
  return {
    FunctionName,
    Code,
    Timeout,
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    Role: role,
    Environment: { Variables: { GREETING: 'hello' } },
  };
}

function create(FunctionName: string, Code: FunctionCode, Timeout = 10) {
  return lambda.send(new CreateFunctionCommand(definition(FunctionName, Code, Timeout)));
}

async function invoke(event: object, FunctionName = 'acting') {
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return { error: answer.FunctionError, payload: JSON.parse(answer.Payload?.transformToString() ?? 'null') };
}

test('a bundle runs on Node 24 with its environment, its region and its time', async () => {
  const { error, payload } = await invoke({ act: 'describe' });
  expect(error).toBeUndefined();
  expect(payload).toMatchObject({ node: expect.stringMatching(/^v24\./), region: 'eu-west-3', greeting: 'hello' });
  expect(payload.remaining).toBeGreaterThan(0);
  const serversOwn = /^(LOCAL_AWS|STATE_DIR|S3_DATA_DIR|PYTHON|MINISTACK|AUTH$|GATEWAY_PORT$)/;
  expect(payload.variables.filter((name: string) => serversOwn.test(name))).toEqual([]);
});

test("a function calls AWS with its role's rights and no others", async () => {
  expect(await invoke({ act: 'read', bucket: 'code', key: 'granted/a.json' })).toEqual({
    error: undefined,
    payload: 'granted',
  });
  expect(await invoke({ act: 'read', bucket: 'code', key: 'other/a.json' })).toMatchObject({
    error: 'Unhandled',
    payload: { errorType: 'AccessDenied' },
  });
});

describe('a failed invocation says what Lambda says', () => {
  test('an error that the handler throws: its class, its message, its trace', async () => {
    const { error, payload } = await invoke({ act: 'throw', message: 'no such field' });
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'DocumentError', errorMessage: 'no such field' });
    expect(payload.trace[0]).toBe('DocumentError: no such field');
  });

  test('a process that ends, and the next invocation that starts anew', async () => {
    const { error, payload } = await invoke({ act: 'exit' });
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect((await invoke({ act: 'describe' })).error).toBeUndefined();
  });

  test('an invocation that takes longer than the timeout', async () => {
    const { error, payload } = await invoke({ act: 'wait', milliseconds: 20_000 });
    expect(error).toBe('Unhandled');
    expect(payload).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 2.00 seconds'),
    });
  });

  test('a package without the module, and a module without the handler', async () => {
    await create('no-module', { ZipFile: zipped(project, 'tsconfig.json') });
    expect(await invoke({}, 'no-module')).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringContaining('index') },
    });
    await create('emptied', { S3Bucket: 'code', S3Key: 'acting.zip' });
    expect((await invoke({ act: 'describe' }, 'emptied')).error).toBeUndefined();
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'emptied', ZipFile: await bundle('empty') }));
    expect(await invoke({ act: 'describe' }, 'emptied')).toMatchObject({
      error: 'Unhandled',
      payload: { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    });
  });
});

describe('a function whose code is missing is not made', () => {
  const noKey = 'S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.';

  test('by the API', async () => {
    await expect(create('missing', { S3Bucket: 'code', S3Key: 'missing.zip' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `Error occurred while GetObject. ${noKey}`,
    });
    await expect(create('missing', { S3Bucket: 'nowhere', S3Key: 'missing.zip' })).rejects.toMatchObject({
      message: expect.stringContaining('NoSuchBucket'),
    });
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'missing' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'acting', S3Bucket: 'code', S3Key: 'missing.zip' })),
    ).rejects.toMatchObject({ message: expect.stringContaining(noKey) });
    expect((await invoke({ act: 'describe' })).error).toBeUndefined();
  });

  test('by CloudFormation: the stack fails and says why', async () => {
    const cloudFormation = new CloudFormationClient(root(aws));
    const code = { S3Bucket: 'code', S3Key: 'missing.zip' };
    const properties = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: role, Code: code };
    const template = { Resources: { Function: { Type: 'AWS::Lambda::Function', Properties: properties } } };
    const stack = { StackName: 'no-code' };
    await cloudFormation.send(
      new CreateStackCommand({ ...stack, TemplateBody: JSON.stringify(template), DisableRollback: true }),
    );
    const status = async () => (await cloudFormation.send(new DescribeStacksCommand(stack))).Stacks?.[0];
    await expect.poll(async () => (await status())?.StackStatus, { timeout: 20_000 }).toBe('CREATE_FAILED');
    expect((await status())?.StackStatusReason).toContain('Function');
  });
});

test('what a function writes is in its log group', async () => {
  await invoke({ act: 'throw', message: 'to be found in the log' });
  const logs = new CloudWatchLogsClient(root(aws));
  const found = async () =>
    (await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/acting' }))).events?.map(
      (event) => event.message,
    );
  await expect.poll(found, { timeout: 10_000 }).toContainEqual(expect.stringContaining('to be found in the log'));
});

test('no process of a function outlives the local AWS', async () => {
  const other = await startLocalAws();
  const ids = () =>
    execFileSync('ps', ['-A', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([group, state = 'Z']) => Number(group) === other.pid && !state.startsWith('Z'))
      .map(([, , command]) => command);
  await new IAMClient(root(other)).send(
    new CreateRoleCommand({ RoleName: 'acting', AssumeRolePolicyDocument: trustOfLambda() }),
  );
  const client = new LambdaClient(root(other));
  await client.send(new CreateFunctionCommand(definition('acting', { ZipFile: await bundle('acting') }, 10)));
  await client.send(new InvokeCommand({ FunctionName: 'acting', Payload: JSON.stringify({ act: 'describe' }) }));
  expect(ids()).toContainEqual(expect.stringContaining('node'));
  await other.stop();
  expect(ids()).toEqual([]);
});
