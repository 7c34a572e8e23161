import {
  CancelUpdateStackCommand,
  CreateStackCommand,
  DeleteStackCommand,
  ExecuteChangeSetCommand,
  GetStackPolicyCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  RollbackStackCommand,
  SetStackPolicyCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeDBInstancesCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { changes, clientOptions, eventually, outputs, Stacks, type Template } from './stacks.ts';

const topic = (name: string) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName: name } });
/** Fails when it is created: the rule names an alarm that does not exist. */
const failing = {
  Type: 'AWS::CloudWatch::CompositeAlarm',
  Properties: { AlarmRule: 'ALARM("nowhere")' },
};
const working = { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule: 'FALSE' } };
const database = (password: string, more: Record<string, unknown> = {}) => ({
  Type: 'AWS::RDS::DBInstance',
  DeletionPolicy: 'Delete',
  Properties: {
    Engine: 'mysql',
    DBInstanceClass: 'db.t4g.medium',
    AllocatedStorage: '20',
    MasterUsername: 'root',
    MasterUserPassword: password,
    ...more,
  },
});

describe('stack operations', () => {
  let aws: LocalAws;
  let stacks: Stacks;
  beforeAll(async () => {
    aws = await startLocalAws();
    stacks = new Stacks(aws);
  });
  afterAll(() => aws?.stop());

  const statuses = async (name: string) =>
    (await stacks.events(name))
      .filter(({ ResourceType }) => ResourceType === 'AWS::CloudFormation::Stack')
      .map(({ ResourceStatus }) => ResourceStatus);

  it('show what takes its time in progress, in the stack and in the service', async () => {
    const plan = await stacks.plan(
      'slow',
      { Resources: { Database: database('secret-one') } },
      { ChangeSetType: 'CREATE' },
    );
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    const rds = new RDSClient(clientOptions(aws));
    await eventually(
      () => rds.send(new DescribeDBInstancesCommand({})),
      ({ DBInstances }) => DBInstances?.[0]?.DBInstanceStatus === 'creating',
    );
    expect(await stacks.describe('slow')).toMatchObject({ StackStatus: 'CREATE_IN_PROGRESS' });
    expect(await stacks.settled('slow')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    const after = await rds.send(new DescribeDBInstancesCommand({}));
    expect(after.DBInstances?.[0]).toMatchObject({ DBInstanceStatus: 'available' });
  });

  it('start what depends on nothing together, and what depends on something after it', async () => {
    await stacks.create('parallel', {
      Resources: {
        First: database('secret-one'),
        Second: database('secret-two'),
        Last: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'First' } } },
      },
    });
    const order = (await stacks.events('parallel')).map(
      ({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`,
    );
    expect(order.indexOf('Second CREATE_IN_PROGRESS')).toBeLessThan(order.indexOf('First CREATE_COMPLETE'));
    expect(order.indexOf('Last CREATE_IN_PROGRESS')).toBeGreaterThan(order.indexOf('First CREATE_COMPLETE'));
  });

  it('touch and report only what changed', async () => {
    await stacks.create('some', { Resources: { A: topic('one'), B: topic('one') } });
    const before = (await stacks.events('some')).length;
    await stacks.update('some', { Resources: { A: topic('one'), B: topic('two') } });
    const later = (await stacks.events('some')).slice(before);
    expect(later.map(({ LogicalResourceId, ResourceStatus }) => [LogicalResourceId, ResourceStatus])).toEqual([
      ['some', 'UPDATE_IN_PROGRESS'],
      ['B', 'UPDATE_IN_PROGRESS'],
      ['B', 'UPDATE_COMPLETE'],
      ['some', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'],
      ['some', 'UPDATE_COMPLETE'],
    ]);
  });

  it('remove what the template no longer has, and skip what it retains', async () => {
    const kept = { ...topic('kept'), DeletionPolicy: 'Retain' };
    await stacks.create('removing', { Resources: { A: topic('one'), B: topic('two'), C: kept } });
    const plan = await stacks.plan('removing', { Resources: { A: topic('one') } });
    expect(changes(plan)['B']).toMatchObject({ Action: 'Remove', PolicyAction: 'Delete' });
    expect(changes(plan)['C']).toMatchObject({ Action: 'Remove', PolicyAction: 'Retain' });
    await stacks.execute(plan);
    const events = await stacks.events('removing');
    expect(
      events.find(
        ({ LogicalResourceId, ResourceStatus }) => LogicalResourceId === 'C' && ResourceStatus === 'DELETE_SKIPPED',
      ),
    ).toBeDefined();
    const { StackResourceSummaries } = await stacks.client.send(
      new ListStackResourcesCommand({ StackName: 'removing' }),
    );
    expect(StackResourceSummaries?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['A']);
  });

  it('roll a failed create back to ROLLBACK_COMPLETE, which can only be deleted', async () => {
    const stack = await stacks.create('rolled', { Resources: { A: topic('one'), B: { ...failing, DependsOn: 'A' } } });
    expect(stack).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
    expect(await statuses('rolled')).toEqual([
      'REVIEW_IN_PROGRESS',
      'CREATE_IN_PROGRESS',
      'ROLLBACK_IN_PROGRESS',
      'ROLLBACK_COMPLETE',
    ]);
    const again: Template = { Resources: { A: topic('one') } };
    await expect(stacks.plan('rolled', again)).rejects.toThrow('ROLLBACK_COMPLETE state and can not be updated');
    await expect(stacks.plan('rolled', again, { ChangeSetType: 'CREATE' })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    expect(await stacks.remove('rolled')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    expect(await stacks.create('rolled', again)).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  it('keep what a failed create made when rollback is disabled, and are fixed forward', async () => {
    const plan = await stacks.plan(
      'forward',
      { Resources: { A: topic('one'), B: { ...failing, DependsOn: 'A' } } },
      { ChangeSetType: 'CREATE' },
    );
    const failed = await stacks.execute(plan, { DisableRollback: true });
    expect(failed).toMatchObject({ StackStatus: 'CREATE_FAILED', DisableRollback: true });
    expect(failed.StackStatusReason).toContain('The following resource(s) failed to create: [B]');
    const still = await stacks.plan('forward', {
      Resources: { A: topic('two'), B: { ...failing, DependsOn: 'A' } },
    });
    const failedAgain = await stacks.execute(still, { DisableRollback: true });
    expect(failedAgain.StackStatus).toBe('UPDATE_FAILED');
    expect(failedAgain.StackStatusReason).toContain('The following resource(s) failed to create: [B]');
    const fix = await stacks.plan('forward', { Resources: { A: topic('two'), B: { ...working, DependsOn: 'A' } } });
    expect(Object.keys(changes(fix))).toEqual(['B']);
    await expect(stacks.execute(fix)).rejects.toThrow('please use the disable-rollback parameter');
    const fixed = await stacks.execute(fix, { DisableRollback: true });
    expect(fixed).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', ChangeSetId: fix.ChangeSetId });
    expect(fixed.StackStatusReason).toBeUndefined();
    expect(fixed.LastUpdatedTime).toBeInstanceOf(Date);
  });

  it('roll a failed update back, resources and template alike', async () => {
    await stacks.create('back', { Resources: { A: topic('one') }, Outputs: { A: { Value: { Ref: 'A' } } } });
    const before = await stacks.describe('back');
    const after = await stacks.update('back', { Resources: { A: topic('two'), B: { ...failing, DependsOn: 'A' } } });
    expect(after).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(outputs(after)).toEqual(outputs(before));
    // The template is the old one again: the same change is a change again.
    const plan = await stacks.plan('back', { Resources: { A: topic('two') } });
    expect(changes(plan)['A']?.Details?.[0]?.Target).toMatchObject({ BeforeValue: 'one', AfterValue: 'two' });
    expect(await stacks.execute(plan)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  });

  it('keep a failed update when rollback is disabled, until it is rolled back by hand', async () => {
    await stacks.create('paused', { Resources: { A: topic('one') } });
    const plan = await stacks.plan('paused', { Resources: { A: topic('two'), B: { ...failing, DependsOn: 'A' } } });
    expect(await stacks.execute(plan, { DisableRollback: true })).toMatchObject({ StackStatus: 'UPDATE_FAILED' });
    expect(changes(await stacks.plan('paused', { Resources: { A: topic('two'), B: working } }))).toMatchObject({
      B: { Action: 'Add' },
    });
    await stacks.client.send(new RollbackStackCommand({ StackName: 'paused' }));
    expect(await stacks.settled('paused')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  });

  it('give up what is becoming ready when an update is cancelled', async () => {
    await stacks.create('cancelled', { Resources: { Database: database('secret-one') } });
    const plan = await stacks.plan('cancelled', {
      Resources: { Database: database('secret-one', { AllocatedStorage: '40' }) },
    });
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    await eventually(
      () => stacks.events('cancelled'),
      (events) => events.at(-1)?.LogicalResourceId === 'Database',
    );
    await expect(stacks.client.send(new DeleteStackCommand({ StackName: 'cancelled' }))).rejects.toThrow(
      'UPDATE_IN_PROGRESS',
    );
    await stacks.client.send(new CancelUpdateStackCommand({ StackName: 'cancelled' }));
    expect(await stacks.settled('cancelled')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    const rds = new RDSClient(clientOptions(aws));
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
    expect(
      DBInstances?.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier?.startsWith('cancelled')),
    ).toMatchObject({ AllocatedStorage: 20, DBInstanceStatus: 'available' });
  });

  it('are given up when the stack is deleted while it is created', async () => {
    const plan = await stacks.plan(
      'deleted',
      { Resources: { Database: database('secret-one') } },
      { ChangeSetType: 'CREATE' },
    );
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    await eventually(
      () => stacks.events('deleted'),
      (events) => events.some(({ ResourceStatusReason }) => ResourceStatusReason === 'Resource creation Initiated'),
    );
    expect(await stacks.remove('deleted')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    const rds = new RDSClient(clientOptions(aws));
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
    expect(DBInstances?.filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier?.startsWith('deleted'))).toEqual([]);
  });

  it('take the snapshot that a replaced database must leave', async () => {
    const named = (name: string): Template => ({
      Resources: {
        Database: {
          ...database('secret-one', { DBName: name }),
          DeletionPolicy: 'Snapshot',
          UpdateReplacePolicy: 'Snapshot',
        },
      },
      Outputs: { Name: { Value: { Ref: 'Database' } } },
    });
    const before = outputs(await stacks.create('snapshot', named('one')));
    const plan = await stacks.plan('snapshot', named('two'));
    expect(changes(plan)['Database']).toMatchObject({ Replacement: 'True', PolicyAction: 'ReplaceAndSnapshot' });
    const after = outputs(await stacks.execute(plan));
    expect(after['Name']).not.toBe(before['Name']);
    const rds = new RDSClient(clientOptions(aws));
    const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand({}));
    expect(DBSnapshots?.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual([before['Name']]);
  });

  it('keep parameters that are asked to stay, and hide those that are secret', async () => {
    const template: Template = {
      Parameters: { Name: { Type: 'String' }, Secret: { Type: 'String', NoEcho: true } },
      Resources: { A: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Name' } } } },
    };
    const parameters = [
      { ParameterKey: 'Name', ParameterValue: 'one' },
      { ParameterKey: 'Secret', ParameterValue: 'hidden' },
    ];
    await stacks.create('parameters', template, { Parameters: parameters });
    const same = await stacks.plan('parameters', template, {
      Parameters: [
        { ParameterKey: 'Name', UsePreviousValue: true },
        { ParameterKey: 'Secret', UsePreviousValue: true },
      ],
    });
    expect(same.Status).toBe('FAILED');
    const other = await stacks.plan('parameters', template, {
      Parameters: [
        { ParameterKey: 'Name', ParameterValue: 'two' },
        { ParameterKey: 'Secret', UsePreviousValue: true },
      ],
    });
    expect(changes(other)['A']?.Details).toContainEqual(
      expect.objectContaining({ ChangeSource: 'ParameterReference', CausingEntity: 'Name' }),
    );
    const stack = await stacks.execute(other);
    expect(stack.Parameters).toEqual([
      { ParameterKey: 'Name', ParameterValue: 'two' },
      { ParameterKey: 'Secret', ParameterValue: '****' },
    ]);
    await expect(
      stacks.plan('parameters', template, {
        Parameters: [...parameters, { ParameterKey: 'Other', ParameterValue: '1' }],
      }),
    ).rejects.toThrow('Parameters: [Other] do not exist in the template');
  });

  it('read templates from S3 in both URL styles', async () => {
    const s3 = new S3Client({ ...clientOptions(aws), forcePathStyle: true });
    await s3.send(
      new CreateBucketCommand({ Bucket: 'templates', CreateBucketConfiguration: { LocationConstraint: 'eu-west-3' } }),
    );
    const template: Template = { Resources: { A: topic('one') } };
    await s3.send(
      new PutObjectCommand({ Bucket: 'templates', Key: 'rendered/a.json', Body: JSON.stringify(template) }),
    );
    for (const [name, url] of [
      ['hosted', 'https://templates.s3.eu-west-3.amazonaws.com/rendered/a.json'],
      ['path', `${aws.endpoint}/templates/rendered/a.json`],
    ] as const) {
      expect(await stacks.create(name, template, { TemplateURL: url })).toMatchObject({
        StackStatus: 'CREATE_COMPLETE',
      });
    }
    await expect(
      stacks.create('nothing', template, { TemplateURL: `${aws.endpoint}/templates/rendered/b.json` }),
    ).rejects.toThrow('S3 error');
  });

  it('protect, keep a policy and a role, and are listed', async () => {
    const role = 'arn:aws:iam::000000000000:role/execution';
    await stacks.create('kept', { Resources: { A: topic('one') } }, { RoleARN: role });
    expect(await stacks.describe('kept')).toMatchObject({ RoleARN: role, EnableTerminationProtection: false });
    await stacks.client.send(
      new UpdateTerminationProtectionCommand({ StackName: 'kept', EnableTerminationProtection: true }),
    );
    await expect(stacks.client.send(new DeleteStackCommand({ StackName: 'kept' }))).rejects.toThrow(
      'TerminationProtection',
    );
    const policy = JSON.stringify({
      Statement: [{ Effect: 'Deny', Action: 'Update:Delete', Principal: '*', Resource: '*' }],
    });
    await stacks.client.send(new SetStackPolicyCommand({ StackName: 'kept', StackPolicyBody: policy }));
    expect(await stacks.client.send(new GetStackPolicyCommand({ StackName: 'kept' }))).toMatchObject({
      StackPolicyBody: policy,
    });
    const { StackSummaries } = await stacks.client.send(
      new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
    );
    expect(StackSummaries?.map(({ StackName }) => StackName)).toContain('kept');
  });

  it('of CreateStack have no LastUpdatedTime and no change set', async () => {
    await stacks.client.send(
      new CreateStackCommand({ StackName: 'direct', TemplateBody: JSON.stringify({ Resources: { A: topic('one') } }) }),
    );
    const stack = await stacks.settled('direct');
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    expect(stack.LastUpdatedTime).toBeUndefined();
    expect(stack.ChangeSetId).toBeUndefined();
  });
});
