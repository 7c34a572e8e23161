import {
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { changes, outputs, Stacks, type Template } from './stacks.ts';

const topic = (name: string, more: Record<string, unknown> = {}): Template => ({
  Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: name, ...more } } },
  Outputs: { Arn: { Value: { Ref: 'Topic' } } },
});

describe('change sets', () => {
  let aws: LocalAws;
  let stacks: Stacks;
  beforeAll(async () => {
    aws = await startLocalAws();
    stacks = new Stacks(aws);
  }, 60_000);
  afterAll(() => aws?.stop());

  it('creates a stack in review that keeps its id, and executes into it', async () => {
    const first = await stacks.plan('review', topic('one'), { ChangeSetType: 'CREATE' });
    const second = await stacks.plan('review', topic('two'), { ChangeSetType: 'CREATE' });
    expect((await stacks.describe('review')).StackStatus).toBe('REVIEW_IN_PROGRESS');
    expect(second.StackId).toBe(first.StackId);
    expect(changes(second)['Topic']).toMatchObject({ Action: 'Add', ResourceType: 'AWS::SNS::Topic' });
    const stack = await stacks.execute(second);
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ChangeSetId: second.ChangeSetId });
    expect(outputs(stack)['Arn']).toMatch(/^arn:aws:sns:/);
  });

  it('deletes the others on execution and finds an executed one by its ARN only', async () => {
    await stacks.create('executed', topic('one'));
    const chosen = await stacks.plan('executed', topic('two'));
    const other = await stacks.plan('executed', topic('three'));
    await stacks.execute(chosen);
    const byName = { StackName: 'executed', ChangeSetName: chosen.ChangeSetName };
    await expect(stacks.client.send(new DescribeChangeSetCommand(byName))).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
    });
    await expect(stacks.changeSet(other.ChangeSetId ?? '')).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
    });
    expect(await stacks.changeSet(chosen.ChangeSetId ?? '')).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE' });
    const listed = await stacks.client.send(new ListChangeSetsCommand({ StackName: 'executed' }));
    expect(listed.Summaries).toEqual([]);
  });

  it('fails when nothing differs, and its name then collides', async () => {
    await stacks.create('same', topic('one'));
    const name = { StackName: 'same', ChangeSetName: 'again' };
    const nothing = await stacks.plan('same', topic('one'), name);
    expect(nothing).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' });
    expect(nothing.StatusReason).toContain("didn't contain changes");
    await expect(stacks.plan('same', topic('two'), name)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    await expect(stacks.execute(nothing)).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  it('takes a change of outputs alone for a change without resources', async () => {
    await stacks.create('outputs', topic('one'));
    const plan = await stacks.plan('outputs', {
      ...topic('one'),
      Outputs: { Name: { Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } } },
    });
    expect(plan).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', Changes: [] });
    expect(outputs(await stacks.execute(plan))['Name']).toMatch(/^outputs-Topic-/);
  });

  it('makes a change set obsolete when another operation changes the stack', async () => {
    await stacks.create('stale', topic('one'));
    const stale = await stacks.plan('stale', topic('two'));
    await stacks.client.send(
      new UpdateStackCommand({ StackName: 'stale', TemplateBody: JSON.stringify(topic('three')) }),
    );
    await stacks.settled('stale');
    expect(await stacks.changeSet(stale.ChangeSetId ?? '')).toMatchObject({ ExecutionStatus: 'OBSOLETE' });
    await expect(stacks.execute(stale)).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  it('answers a repeated execution with the same token, and a repeated creation with the same client token', async () => {
    const request = {
      StackName: 'tokens',
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE' as const,
      TemplateBody: JSON.stringify(topic('one')),
      ClientToken: 'made-once',
    };
    const made = await stacks.client.send(new CreateChangeSetCommand(request));
    const again = await stacks.client.send(new CreateChangeSetCommand(request));
    expect(again.Id).toBe(made.Id);
    const plan = await stacks.changeSet(made.Id ?? '');
    await stacks.execute(plan, { ClientRequestToken: 'run-once' });
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: made.Id, ClientRequestToken: 'run-once' }));
    const events = await stacks.events('tokens');
    expect(events.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_IN_PROGRESS')).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({ ResourceStatus: 'CREATE_COMPLETE', ClientRequestToken: 'run-once' });
  });

  it('refuses a change set while an operation runs, and on a stack that is not there', async () => {
    await expect(stacks.plan('absent', topic('one'))).rejects.toThrow('does not exist');
    await stacks.create('taken', topic('one'));
    await expect(stacks.plan('taken', topic('two'), { ChangeSetType: 'CREATE' })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
  });

  it('refuses a template without resources; a handle that nobody waits for is one', async () => {
    await expect(stacks.plan('empty', { Resources: {} }, { ChangeSetType: 'CREATE' })).rejects.toThrow(
      'At least one Resources member must be defined',
    );
    const handle: Template = { Resources: { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } };
    expect(await stacks.create('empty', handle)).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    expect(await stacks.update('empty', topic('one'))).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect(await stacks.update('empty', handle)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  });

  it('refuses an attribute that the type does not have', async () => {
    const wrong = { ...topic('one'), Outputs: { X: { Value: { 'Fn::GetAtt': ['Topic', 'Nonsense'] } } } };
    await expect(stacks.plan('attribute', wrong, { ChangeSetType: 'CREATE' })).rejects.toThrow(
      'Template error: resource Topic does not support attribute type Nonsense in Fn::GetAtt',
    );
  });
});
