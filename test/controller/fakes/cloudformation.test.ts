import { describe, expect, it } from 'vitest';
import type { ChangeSetRequest } from '../../../controller/ports/stacks.ts';
import { FakeClock } from './clock.ts';
import { FakeCloudFormation } from './cloudformation.ts';
import type { FakeTemplate } from './template.ts';

const template = (days: number): FakeTemplate => ({
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: { Ref: 'Cidr' } } },
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: days } },
  },
  Outputs: { VpcId: { Value: { Ref: 'Vpc' } } },
});

const request = (key: string, more: Partial<ChangeSetRequest> = {}): ChangeSetRequest => ({
  stackName: 's',
  name: `to-${key}`,
  type: 'CREATE',
  templateKey: key,
  parameters: { Cidr: '10.0.0.0/16' },
  tags: {},
  description: '',
  ...more,
});

function world() {
  const clock = new FakeClock();
  const templates: Readonly<Record<string, FakeTemplate>> = {
    '30': template(30),
    '60': template(60),
    '90': template(90),
  };
  return { clock, aws: new FakeCloudFormation(clock, (key) => templates[key]) };
}

async function made(aws: FakeCloudFormation, clock: FakeClock, wanted: ChangeSetRequest): Promise<string> {
  const created = await aws.createChangeSet(wanted);
  if (created.kind !== 'created') throw new Error(`change set not made: ${JSON.stringify(created)}`);
  clock.advance(2_000);
  return created.arn;
}

const keep = { disableRollback: false };

async function created() {
  const { aws, clock } = world();
  const arn = await made(aws, clock, request('30'));
  await aws.executeChangeSet(arn, 't', keep);
  clock.advance(60_000);
  return { aws, clock, arn };
}

const statusOf = async (aws: FakeCloudFormation) => {
  const stack = await aws.describe('s');
  return stack.kind === 'present' ? stack.status : 'absent';
};

describe('the fake CloudFormation', () => {
  it('makes a change set in a moment, and creates a stack over time, with outputs in the end', async () => {
    const { aws, clock } = world();
    const answer = await aws.createChangeSet(request('30'));
    const arn = answer.kind === 'created' ? answer.arn : '';
    expect(await statusOf(aws)).toBe('REVIEW_IN_PROGRESS');
    expect((await aws.describeChangeSet('s', arn)).kind).toBe('pending');
    expect(await aws.executeChangeSet(arn, 't', keep)).toMatchObject({ kind: 'refused' });
    clock.advance(2_000);
    expect(await aws.describeChangeSet('s', 'to-30')).toMatchObject({
      kind: 'available',
      changes: [{ action: 'Add' }, { action: 'Add' }],
    });
    expect(await aws.executeChangeSet(arn, 't', keep)).toEqual({ kind: 'started' });
    expect(await aws.describe('s')).toMatchObject({ status: 'CREATE_IN_PROGRESS', outputs: {} });
    expect(await aws.executeChangeSet(arn, 't', keep)).toMatchObject({ kind: 'refused' });
    clock.advance(60_000);
    expect(await aws.describe('s')).toMatchObject({
      status: 'CREATE_COMPLETE',
      changeSetId: arn,
      outputs: { VpcId: expect.stringMatching(/^vpc-/) },
    });
  });

  it('finds an executed change set by its ARN only', async () => {
    const { aws, arn } = await created();
    expect(await aws.describeChangeSet('s', arn)).toMatchObject({ kind: 'executed', outcome: 'complete' });
    expect(await aws.describeChangeSet('s', 'to-30')).toEqual({ kind: 'absent' });
  });

  it('finds nothing to change in the same template, and keeps the name taken', async () => {
    const { aws, clock } = await created();
    const arn = await made(aws, clock, request('30', { type: 'UPDATE' }));
    expect(await aws.describeChangeSet('s', arn)).toEqual({ kind: 'no-changes', arn });
    expect(await aws.createChangeSet(request('30', { type: 'UPDATE' }))).toEqual({ kind: 'name-taken' });
    await aws.deleteChangeSet(arn);
    expect(await aws.createChangeSet(request('30', { type: 'UPDATE' }))).toMatchObject({ kind: 'created' });
  });

  it('updates in place, and deletes the other change sets when one is executed', async () => {
    const { aws, clock } = await created();
    const other = await made(aws, clock, request('90', { type: 'UPDATE' }));
    const arn = await made(aws, clock, request('60', { type: 'UPDATE' }));
    const before = await aws.describe('s');
    await aws.executeChangeSet(arn, 't', keep);
    expect(await aws.describeChangeSet('s', other)).toEqual({ kind: 'absent' });
    expect(await aws.createChangeSet(request('90', { type: 'UPDATE' }))).toMatchObject({ kind: 'refused' });
    clock.advance(10_500);
    expect(await statusOf(aws)).toBe('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    clock.advance(1_000);
    expect(await aws.describe('s')).toMatchObject({
      status: 'UPDATE_COMPLETE',
      outputs: before.kind === 'present' ? before.outputs : {},
    });
  });

  it('replaces what cannot be changed in place', async () => {
    const { aws, clock } = await created();
    const arn = await made(aws, clock, request('30', { type: 'UPDATE', parameters: { Cidr: '10.1.0.0/16' } }));
    expect(await aws.describeChangeSet('s', arn)).toMatchObject({
      changes: [{ logicalId: 'Vpc', replacement: 'True' }],
    });
    const before = aws.stacks.get('s')?.resources.get('Vpc')?.physicalId;
    await aws.executeChangeSet(arn, 't', keep);
    clock.advance(20_000);
    expect(await statusOf(aws)).toBe('UPDATE_COMPLETE');
    expect(aws.stacks.get('s')?.resources.get('Vpc')?.physicalId).not.toBe(before);
  });

  it('rolls a failed update back, and says what failed', async () => {
    const { aws, clock } = await created();
    aws.failures.set('s', { logicalId: 'Logs', reason: 'no' });
    const arn = await made(aws, clock, request('60', { type: 'UPDATE' }));
    await aws.executeChangeSet(arn, 't', keep);
    clock.advance(10_500);
    expect(await statusOf(aws)).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
    clock.advance(30_000);
    expect(await statusOf(aws)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(aws.stacks.get('s')?.resources.get('Logs')?.properties).toEqual({ RetentionInDays: 30 });
    expect(await aws.firstFailure('s')).toEqual({
      logicalId: 'Logs',
      resourceType: 'AWS::Logs::LogGroup',
      reason: 'no',
    });
    expect(await aws.describeChangeSet('s', arn)).toMatchObject({ outcome: 'failed' });
  });

  it.each([
    [true, 'CREATE_FAILED'],
    [false, 'ROLLBACK_COMPLETE'],
  ])('ends a failed create with disableRollback %s in %s', async (disableRollback, status) => {
    const { aws, clock } = world();
    aws.failures.set('s', { logicalId: 'Logs', reason: 'no' });
    const arn = await made(aws, clock, request('30'));
    await aws.executeChangeSet(arn, 't', { disableRollback });
    clock.advance(120_000);
    expect(await statusOf(aws)).toBe(status);
    const next = await aws.createChangeSet(request('60', { type: 'UPDATE' }));
    expect(next.kind).toBe(disableRollback ? 'created' : 'refused');
  });
});
