import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloudFormationStacks } from '../../../controller/aws/stacks.ts';
import type { ChangeSetRequest, ChangeSetState, StackState, Stacks } from '../../../controller/ports/stacks.ts';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { localClient } from './local-clients.ts';

const bucketName = 'controller-bucket';
let aws: LocalAws;
let stacks: Stacks;
let buckets: S3Client;
let formation: CloudFormationClient;

beforeAll(async () => {
  aws = await startLocalAws();
  const config = localClient(aws);
  buckets = new S3Client(config);
  await buckets.send(
    new CreateBucketCommand({
      Bucket: bucketName,
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-3' },
    }),
  );
  const executionRoleArn = await executionRole(new IAMClient(config));
  formation = new CloudFormationClient(config);
  stacks = cloudFormationStacks(formation, { region: aws.region, bucketName, executionRoleArn });
});
afterAll(() => aws.stop());

async function executionRole(client: IAMClient): Promise<string> {
  const trust = { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const policy = { Effect: 'Allow', Action: ['ssm:*', 'sqs:*'], Resource: '*' };
  const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await client.send(
    new CreateRoleCommand({ RoleName: 'execution', AssumeRolePolicyDocument: document(trust) }),
  );
  await client.send(
    new PutRolePolicyCommand({ RoleName: 'execution', PolicyName: 'all', PolicyDocument: document(policy) }),
  );
  return Role?.Arn ?? '';
}

/** A template with one queue and the values that a layer would have. */
function template(visibilitySeconds: number, extra: object = {}): string {
  return JSON.stringify({
    Parameters: { Note: { Type: 'String' } },
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: visibilitySeconds } },
      Value: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'Note' } } },
      ...extra,
    },
    Outputs: { QueueUrl: { Value: { Ref: 'Queue' } } },
  });
}

async function request(stackName: string, fields: Partial<ChangeSetRequest>, body: string): Promise<ChangeSetRequest> {
  const templateKey = `rendered/a+b/${stackName} ${Buffer.from(body).length}.json`;
  await buckets.send(new PutObjectCommand({ Bucket: bucketName, Key: templateKey, Body: body }));
  return {
    stackName,
    name: 'plan-1',
    type: 'CREATE',
    templateKey,
    parameters: { Note: 'one' },
    tags: { 'nextcloud-gitops:site': 'production' },
    description: 'revision abc1234',
    ...fields,
  };
}

async function settled(stackName: string, name: string): Promise<ChangeSetState> {
  for (;;) {
    const state = await stacks.describeChangeSet(stackName, name);
    if (state.kind !== 'pending') return state;
    await setTimeout(50);
  }
}

async function stackSettled(stackName: string): Promise<StackState> {
  for (;;) {
    const state = await stacks.describe(stackName);
    if (state.kind === 'absent' || !state.status.endsWith('_IN_PROGRESS')) return state;
    await setTimeout(50);
  }
}

async function apply(made: ChangeSetRequest): Promise<string> {
  const created = await stacks.createChangeSet(made);
  if (created.kind !== 'created') throw new Error(`not created: ${JSON.stringify(created)}`);
  const state = await settled(made.stackName, created.arn);
  if (state.kind !== 'available') throw new Error(`not available: ${JSON.stringify(state)}`);
  expect(await stacks.executeChangeSet(created.arn, made.name, { disableRollback: true })).toEqual({ kind: 'started' });
  return created.arn;
}

it('takes a stack from nothing to its first change set, its execution, an update and no changes', async () => {
  const stackName = 'nextcloud-site-production-network';
  expect(await stacks.describe(stackName)).toEqual({ kind: 'absent' });
  expect(await stacks.describeChangeSet(stackName, 'plan-1')).toEqual({ kind: 'absent' });

  const arn = await apply(await request(stackName, {}, template(30)));
  const created = await stackSettled(stackName);
  expect(created).toMatchObject({
    kind: 'present',
    status: 'CREATE_COMPLETE',
    parameters: { Note: 'one' },
    terminationProtection: false,
  });
  expect(created.kind === 'present' && created.outputs['QueueUrl']).toMatch(/^http/);
  expect(await stacks.describeChangeSet(stackName, arn)).toEqual({ kind: 'executed', arn, outcome: 'complete' });

  const update = await request(stackName, { name: 'plan-2', type: 'UPDATE' }, template(45));
  const second = await stacks.createChangeSet(update);
  expect(second.kind).toBe('created');
  const available = await settled(stackName, 'plan-2');
  expect(available).toMatchObject({
    kind: 'available',
    changes: [{ action: 'Modify', logicalId: 'Queue', resourceType: 'AWS::SQS::Queue', replacement: 'False' }],
  });
  expect(available.kind === 'available' && available.changes[0]?.details).toContainEqual(
    expect.objectContaining({ attribute: 'Properties', name: 'VisibilityTimeout', requiresRecreation: 'Never' }),
  );
  expect(
    await stacks.executeChangeSet(available.kind === 'available' ? available.arn : '', 'plan-2', {
      disableRollback: false,
    }),
  ).toEqual({ kind: 'started' });
  expect(await stackSettled(stackName)).toMatchObject({ status: 'UPDATE_COMPLETE' });

  await stacks.createChangeSet(await request(stackName, { name: 'plan-3', type: 'UPDATE' }, template(45)));
  const nothing = await settled(stackName, 'plan-3');
  expect(nothing.kind).toBe('no-changes');
  if (nothing.kind === 'no-changes') await stacks.deleteChangeSet(nothing.arn);
  expect(await stacks.describeChangeSet(stackName, 'plan-3')).toEqual({ kind: 'absent' });

  await stacks.enableTerminationProtection(stackName);
  expect(await stacks.describe(stackName)).toMatchObject({ terminationProtection: true });
  expect(await stacks.listSites()).toContain('production');
});

it('recognises its own repeated call, and tells that the name of a change set is taken', async () => {
  const stackName = 'nextcloud-site-taken-web';
  const made = await request(stackName, {}, template(30));
  const first = await stacks.createChangeSet(made);
  expect(first.kind).toBe('created');
  expect(await stacks.createChangeSet(made)).toEqual(first);
  await formation.send(
    new CreateChangeSetCommand({
      StackName: stackName,
      ChangeSetName: 'mine',
      ChangeSetType: 'CREATE',
      TemplateBody: template(9),
      Parameters: [{ ParameterKey: 'Note', ParameterValue: 'x' }],
    }),
  );
  expect(await stacks.createChangeSet({ ...made, name: 'mine' })).toEqual({ kind: 'name-taken' });
  expect(await stacks.describe(stackName)).toMatchObject({ status: 'REVIEW_IN_PROGRESS' });
});

it('finds a change set that was executed already, and is refused a second time', async () => {
  const stackName = 'nextcloud-site-twice-web';
  const arn = await apply(await request(stackName, {}, template(30)));
  await stackSettled(stackName);
  expect(await stacks.executeChangeSet(arn, 'again', { disableRollback: true })).toMatchObject({ kind: 'refused' });
  const late = await request(stackName, { name: 'plan-2' }, template(31));
  expect(await stacks.createChangeSet(late)).toMatchObject({ kind: 'refused' });
});

it('is refused an update of a stack that does not exist', async () => {
  const made = await request('nextcloud-site-gone-web', { type: 'UPDATE' }, template(30));
  expect(await stacks.createChangeSet(made)).toMatchObject({ kind: 'refused' });
});

it('names the resource that failed first, and the next change set fixes the stack forward', async () => {
  const stackName = 'nextcloud-site-broken-data';
  const broken = { Extra: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: '/taken', Value: 'x' } } };
  await apply(await request('nextcloud-site-first-data', {}, template(30, broken)));
  await stackSettled('nextcloud-site-first-data');
  const arn = await apply(await request(stackName, {}, template(30, broken)));
  expect(await stackSettled(stackName)).toMatchObject({ status: 'CREATE_FAILED' });
  expect(await stacks.describeChangeSet(stackName, arn)).toMatchObject({ kind: 'executed', outcome: 'failed' });
  expect(await stacks.firstFailure(stackName)).toMatchObject({
    logicalId: 'Extra',
    resourceType: 'AWS::SSM::Parameter',
    reason: expect.stringMatching(/already exists/),
  });
  await apply(await request(stackName, { name: 'plan-2', type: 'UPDATE' }, template(30)));
  expect(await stackSettled(stackName)).toMatchObject({ status: 'UPDATE_COMPLETE' });
});

it('rejects a template that is none and parameters that are missing', async () => {
  const stackName = 'nextcloud-site-rejected-web';
  const empty = await request(stackName, {}, '{"Resources":{}}');
  expect(await stacks.createChangeSet(empty)).toMatchObject({ kind: 'rejected' });
  const mute = await request(stackName, { parameters: {} }, template(30));
  expect(await stacks.createChangeSet(mute)).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/Note/) });
});

it('throws what is a mistake of ours', async () => {
  const made = await request('nextcloud-site-mistake-web', {}, template(30));
  await expect(stacks.createChangeSet({ ...made, templateKey: 'rendered/none.json' })).rejects.toThrow(
    /rendered\/none/,
  );
});
