import {
  CloudFormationClient,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { firstFailure } from '../../../controller/aws/stack-events.ts';
import { stackState } from '../../../controller/aws/stack-states.ts';
import { cloudFormationStacks } from '../../../controller/aws/stacks.ts';
import { stackStatuses } from '../../../controller/ports/stacks.ts';

const formation = mockClient(CloudFormationClient);
beforeEach(() => formation.reset());

describe('stackState', () => {
  const stack = { StackName: 'a', StackId: 'arn:a', CreationTime: new Date(0) };

  it.each(stackStatuses.filter((status) => status !== 'DELETE_COMPLETE'))('knows %s', (StackStatus) => {
    expect(stackState({ ...stack, StackStatus })).toMatchObject({ kind: 'present', status: StackStatus });
  });

  it('takes a deleted stack, still found by its id, for absent', () => {
    expect(stackState({ ...stack, StackStatus: 'DELETE_COMPLETE' })).toEqual({ kind: 'absent' });
  });

  it('refuses a status that it does not know, instead of acting on a guess', () => {
    expect(() => stackState({ ...stack, StackStatus: 'PAUSED' as never })).toThrow(/reports stack a as PAUSED/);
  });
});

describe('firstFailure', () => {
  const common = { StackId: 'arn:stack', EventId: 'e', StackName: 'a', Timestamp: new Date(0) };
  const ofStack = (ResourceStatus: string) => ({
    ...common,
    PhysicalResourceId: 'arn:stack',
    ResourceStatus: ResourceStatus as never,
  });
  const ofResource = (LogicalResourceId: string, ResourceStatus: string, ResourceStatusReason: string) => ({
    ...common,
    LogicalResourceId,
    PhysicalResourceId: `physical-${LogicalResourceId}`,
    ResourceType: 'AWS::SQS::Queue',
    ResourceStatus: ResourceStatus as never,
    ResourceStatusReason,
  });

  it('is the earliest of the latest operation, over all pages, without those that only follow', async () => {
    formation
      .on(DescribeStackEventsCommand, { StackName: 'a', NextToken: undefined })
      .resolves({
        StackEvents: [
          ofStack('UPDATE_ROLLBACK_IN_PROGRESS'),
          ofResource('C', 'UPDATE_FAILED', 'Resource update cancelled'),
          ofResource('B', 'UPDATE_FAILED', 'late'),
        ],
        NextToken: 'more',
      })
      .on(DescribeStackEventsCommand, { StackName: 'a', NextToken: 'more' })
      .resolves({
        StackEvents: [
          ofResource('A', 'CREATE_FAILED', 'first'),
          ofStack('UPDATE_IN_PROGRESS'),
          ofResource('Old', 'CREATE_FAILED', 'of an earlier operation'),
        ],
      });
    expect(await firstFailure(new CloudFormationClient(), 'a')).toEqual({
      logicalId: 'A',
      resourceType: 'AWS::SQS::Queue',
      reason: 'first',
    });
  });

  it('is none when nothing failed, or when there is no such stack', async () => {
    formation.on(DescribeStackEventsCommand).resolvesOnce({ StackEvents: [ofStack('CREATE_IN_PROGRESS')] });
    expect(await firstFailure(new CloudFormationClient(), 'a')).toBeUndefined();
    const missing = Object.assign(new Error('Stack [b] does not exist'), { name: 'ValidationError' });
    formation.reset();
    formation.on(DescribeStackEventsCommand).rejects(missing);
    expect(await firstFailure(new CloudFormationClient(), 'b')).toBeUndefined();
  });
});

describe('describeChangeSet', () => {
  it('asks for values and reads every page', async () => {
    const page = (LogicalResourceId: string) => ({
      ChangeSetId: 'arn:p',
      Status: 'CREATE_COMPLETE' as const,
      ExecutionStatus: 'AVAILABLE' as const,
      Changes: [{ ResourceChange: { Action: 'Add' as const, LogicalResourceId, ResourceType: 'AWS::SQS::Queue' } }],
    });
    formation
      .on(DescribeChangeSetCommand)
      .resolvesOnce({ ...page('A'), NextToken: 'more' })
      .resolvesOnce(page('B'));
    const options = { region: 'eu-west-3', bucketName: 'controller', executionRoleArn: 'arn:role' };
    const state = await cloudFormationStacks(new CloudFormationClient(), options).describeChangeSet('a', 'plan-1');
    expect(state.kind === 'available' && state.changes.map(({ logicalId }) => logicalId)).toEqual(['A', 'B']);
    expect(formation.commandCalls(DescribeChangeSetCommand).map(({ args }) => args[0].input)).toEqual([
      { ChangeSetName: 'plan-1', StackName: 'a', IncludePropertyValues: true, NextToken: undefined },
      { ChangeSetName: 'plan-1', StackName: 'a', IncludePropertyValues: true, NextToken: 'more' },
    ]);
  });
});
