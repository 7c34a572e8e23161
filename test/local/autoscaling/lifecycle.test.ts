import {
  CompleteLifecycleActionCommand,
  DeleteLifecycleHookCommand,
  DescribeLifecycleHooksCommand,
  DescribeScalingActivitiesCommand,
  type LifecycleHookSpecification,
  PutLifecycleHookCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeInstance, eventually, type Fixture, required, startFixture } from '../ec2/fixture.ts';
import {
  createGroup,
  createSite,
  createTargetGroup,
  createTemplate,
  describeGroup,
  idOf,
  inService,
  instancesBecome,
  type Site,
  targetState,
} from './fixture.ts';

type GroupEvent = {
  readonly 'detail-type': string;
  readonly source: string;
  readonly resources: readonly string[];
  readonly detail: Record<string, unknown>;
};

let fixture: Fixture;
let site: Site;
let queueUrl: string;
const events: GroupEvent[] = [];

beforeAll(async () => {
  fixture = await startFixture();
  site = await createSite(fixture);
  queueUrl = await collectEvents();
}, 60_000);
afterAll(async () => {
  await fixture.aws.stop();
});

/** A rule that sends every event of Auto Scaling to a queue. */
async function collectEvents(): Promise<string> {
  const bridge = new EventBridgeClient({
    endpoint: fixture.aws.endpoint,
    region: fixture.aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const created = await fixture.sqs.send(new CreateQueueCommand({ QueueName: 'group-events' }));
  const pattern = JSON.stringify({ source: ['aws.autoscaling'] });
  await bridge.send(new PutRuleCommand({ Name: 'group-events', EventPattern: pattern }));
  const arn = `arn:aws:sqs:${fixture.aws.region}:000000000000:group-events`;
  await bridge.send(new PutTargetsCommand({ Rule: 'group-events', Targets: [{ Id: 'queue', Arn: arn }] }));
  return required(created.QueueUrl);
}

const event = (detailType: string, groupName: string): Promise<GroupEvent> =>
  eventually(`the event ${detailType} of ${groupName}`, async () => {
    const received = await fixture.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    for (const message of received.Messages ?? []) {
      events.push(JSON.parse(required(message.Body)));
      const ReceiptHandle = required(message.ReceiptHandle);
      await fixture.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
    return events.find(
      (each) => each['detail-type'] === detailType && each.detail['AutoScalingGroupName'] === groupName,
    );
  });

const launchHook: LifecycleHookSpecification = {
  LifecycleHookName: 'launch',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  HeartbeatTimeout: 30,
  DefaultResult: 'CONTINUE',
  NotificationMetadata: '{"budget":600}',
};
const terminateHook: LifecycleHookSpecification = {
  LifecycleHookName: 'terminate',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
  HeartbeatTimeout: 30,
  DefaultResult: 'CONTINUE',
};

const createHooked = (
  name: string,
  hooks: LifecycleHookSpecification[],
  options: { DesiredCapacity?: number; TargetGroupARNs?: string[]; LaunchTemplate?: { LaunchTemplateId: string } } = {},
) => createGroup(site, name, { DesiredCapacity: 1, ...options, LifecycleHookSpecificationList: hooks });

const complete = (
  groupName: string,
  hookName: string,
  result: string,
  which: { InstanceId?: string; LifecycleActionToken?: string },
) =>
  fixture.autoScaling.send(
    new CompleteLifecycleActionCommand({
      AutoScalingGroupName: groupName,
      LifecycleHookName: hookName,
      LifecycleActionResult: result,
      ...which,
    }),
  );

const setDesired = (name: string, desired: number) =>
  fixture.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: desired }));

const firstId = async (name: string, state: string) => idOf(required((await instancesBecome(site, name, [state]))[0]));

describe('hooks', () => {
  test('are put, described, changed and deleted', async () => {
    await createHooked('hooks', [launchHook], { DesiredCapacity: 0 });
    const named = { AutoScalingGroupName: 'hooks', LifecycleHookName: 'launch' };
    await fixture.autoScaling.send(new PutLifecycleHookCommand({ ...named, HeartbeatTimeout: 600 }));
    const { LifecycleHooks } = await fixture.autoScaling.send(
      new DescribeLifecycleHooksCommand({ AutoScalingGroupName: 'hooks' }),
    );
    expect(LifecycleHooks).toEqual([
      { ...launchHook, AutoScalingGroupName: 'hooks', HeartbeatTimeout: 600, GlobalTimeout: 60_000 },
    ]);
    await fixture.autoScaling.send(new DeleteLifecycleHookCommand(named));
    await expect(fixture.autoScaling.send(new DeleteLifecycleHookCommand(named))).rejects.toMatchObject({
      message: 'No Lifecycle Hook found with name: launch',
    });
  });

  test('refuse heartbeats outside 30 to 7200 seconds', async () => {
    await expect(createHooked('short', [{ ...launchHook, HeartbeatTimeout: 29 }])).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'HeartbeatTimeout must be between 30 and 7200 seconds',
    });
    await expect(createHooked('long', [{ ...launchHook, HeartbeatTimeout: 7201 }])).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});

describe('launching', () => {
  test('waits, tells EventBridge, registers at the end of the hook', async () => {
    const targetGroup = await createTargetGroup(site, 'launched', 0);
    await createHooked('launched', [launchHook], { TargetGroupARNs: [targetGroup] });
    const instanceId = await firstId('launched', 'Pending:Wait');
    expect((await describeInstance(fixture, instanceId)).State?.Name).toBe('running');
    expect(await targetState(site, targetGroup, instanceId)).toBe('unused');
    const waiting = await event('EC2 Instance-launch Lifecycle Action', 'launched');
    const group = await describeGroup(site, 'launched');
    expect(waiting).toMatchObject({
      source: 'aws.autoscaling',
      resources: [group.AutoScalingGroupARN],
      detail: {
        LifecycleActionToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
        LifecycleHookName: 'launch',
        EC2InstanceId: instanceId,
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        NotificationMetadata: '{"budget":600}',
        Origin: 'EC2',
        Destination: 'AutoScalingGroup',
      },
    });
    await complete('launched', 'launch', 'CONTINUE', {
      LifecycleActionToken: String(waiting.detail['LifecycleActionToken']),
    });
    await inService(site, 'launched', 1);
    await eventually('a healthy target', async () =>
      (await targetState(site, targetGroup, instanceId)) === 'healthy' ? true : undefined,
    );
    expect(await event('EC2 Instance Launch Successful', 'launched')).toMatchObject({
      resources: [group.AutoScalingGroupARN, `arn:aws:ec2:eu-west-3:000000000000:instance/${instanceId}`],
      detail: { EC2InstanceId: instanceId, StatusCode: 'InProgress', Details: { 'Availability Zone': 'eu-west-3a' } },
    });
  });

  test('ABANDON cancels the launch and replaces the instance', async () => {
    await createHooked('abandoned', [launchHook]);
    const instanceId = await firstId('abandoned', 'Pending:Wait');
    await complete('abandoned', 'launch', 'ABANDON', { InstanceId: instanceId });
    const another = await eventually('another instance', async () => {
      const instances = (await describeGroup(site, 'abandoned')).Instances ?? [];
      return instances.find((each) => each.LifecycleState === 'Pending:Wait' && idOf(each) !== instanceId);
    });
    expect(idOf(another)).not.toBe(instanceId);
    const unsuccessful = await event('EC2 Instance Launch Unsuccessful', 'abandoned');
    expect(unsuccessful.detail).toMatchObject({ EC2InstanceId: instanceId, StatusCode: 'Failed' });
    const { Activities } = await fixture.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'abandoned' }),
    );
    expect(Activities).toContainEqual(
      expect.objectContaining({
        StatusCode: 'Cancelled',
        StatusMessage: expect.stringContaining('was abandoned: Lifecycle Action Completed with ABANDON Result'),
      }),
    );
  });

  test('an image that cannot launch is told as an unsuccessful launch', async () => {
    const templateId = await createTemplate(fixture, 'no-image', 'ami-0123456789abcdef0');
    await createHooked('no-image', [launchHook], { LaunchTemplate: { LaunchTemplateId: templateId } });
    const unsuccessful = await event('EC2 Instance Launch Unsuccessful', 'no-image');
    expect(unsuccessful.detail['StatusMessage']).toContain("The image id '[ami-0123456789abcdef0]' does not exist");
  });

  test('waits for every hook; deleting one that waits abandons the launch', async () => {
    await createHooked('several', [launchHook, { ...launchHook, LifecycleHookName: 'second' }]);
    const instanceId = await firstId('several', 'Pending:Wait');
    await complete('several', 'launch', 'CONTINUE', { InstanceId: instanceId });
    expect(await firstId('several', 'Pending:Wait')).toBe(instanceId);
    await fixture.autoScaling.send(
      new DeleteLifecycleHookCommand({ AutoScalingGroupName: 'several', LifecycleHookName: 'second' }),
    );
    await eventually('its end', async () =>
      (await describeInstance(fixture, instanceId)).State?.Name === 'terminated' ? true : undefined,
    );
  });
});

describe('terminating', () => {
  test('drains first, then waits, then ends the instance', async () => {
    const targetGroup = await createTargetGroup(site, 'drained', 3);
    await createHooked('drained', [terminateHook], { TargetGroupARNs: [targetGroup] });
    const instanceId = await firstId('drained', 'InService');
    await setDesired('drained', 0);
    await instancesBecome(site, 'drained', ['Terminating']);
    expect(await targetState(site, targetGroup, instanceId)).toBe('draining');
    await instancesBecome(site, 'drained', ['Terminating:Wait']);
    expect(await targetState(site, targetGroup, instanceId)).toBe('unused');
    expect((await describeInstance(fixture, instanceId)).State?.Name).toBe('running');
    const waiting = await event('EC2 Instance-terminate Lifecycle Action', 'drained');
    expect(waiting.detail).toMatchObject({
      EC2InstanceId: instanceId,
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      Origin: 'AutoScalingGroup',
      Destination: 'EC2',
    });
    await complete('drained', 'terminate', 'CONTINUE', { InstanceId: instanceId });
    await inService(site, 'drained', 0);
    expect((await describeInstance(fixture, instanceId)).State?.Name).toBe('terminated');
    const terminated = await event('EC2 Instance Terminate Successful', 'drained');
    expect(terminated.detail['EC2InstanceId']).toBe(instanceId);
  });
});

describe('heartbeats, in real time', { concurrent: true, timeout: 120_000 }, () => {
  test('a hook that nobody answers ends with its default result CONTINUE', async () => {
    await createHooked('continues', [launchHook]);
    const instanceId = await firstId('continues', 'Pending:Wait');
    expect(await firstId('continues', 'InService')).toBe(instanceId);
  });

  test('a hook that nobody answers ends with its default result ABANDON', async () => {
    await createHooked('abandons', [{ ...launchHook, DefaultResult: 'ABANDON' }]);
    const instanceId = await firstId('abandons', 'Pending:Wait');
    await eventually('its end', async () =>
      (await describeInstance(fixture, instanceId)).State?.Name === 'terminated' ? true : undefined,
    );
    const { Activities } = await fixture.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'abandons' }),
    );
    expect(Activities?.map((each) => each.StatusMessage)).toContainEqual(
      expect.stringContaining('was abandoned: Heartbeat Timeout'),
    );
  });

  test('a heartbeat prolongs the wait', async () => {
    await createHooked('kept', [launchHook]);
    await createHooked('not-kept', [launchHook]);
    const kept = await firstId('kept', 'Pending:Wait');
    await firstId('not-kept', 'Pending:Wait');
    const beat = () =>
      fixture.autoScaling.send(
        new RecordLifecycleActionHeartbeatCommand({
          AutoScalingGroupName: 'kept',
          LifecycleHookName: 'launch',
          InstanceId: kept,
        }),
      );
    await eventually('the end of the hook without heartbeats', async () => {
      await beat();
      const [other] = (await describeGroup(site, 'not-kept')).Instances ?? [];
      return other?.LifecycleState === 'InService' ? true : undefined;
    });
    expect(await firstId('kept', 'Pending:Wait')).toBe(kept);
  });
});

test('an action that is over, or that never was, is refused', async () => {
  await createHooked('over', [launchHook]);
  const instanceId = await firstId('over', 'Pending:Wait');
  await complete('over', 'launch', 'CONTINUE', { InstanceId: instanceId });
  const message = `No active Lifecycle Action found with instance ID ${instanceId}`;
  await expect(complete('over', 'launch', 'CONTINUE', { InstanceId: instanceId })).rejects.toMatchObject({
    name: 'ValidationError',
    message,
  });
  const token = '00000000-0000-4000-8000-000000000000';
  await expect(complete('over', 'launch', 'CONTINUE', { LifecycleActionToken: token })).rejects.toMatchObject({
    message: `No active Lifecycle Action found with token ${token}`,
  });
  await expect(complete('over', 'other', 'CONTINUE', { InstanceId: instanceId })).rejects.toMatchObject({
    message: 'No Lifecycle Hook found with name: other',
  });
  await expect(complete('over', 'launch', 'RETRY', { InstanceId: instanceId })).rejects.toMatchObject({
    message: 'The lifecycle action result must be either CONTINUE or ABANDON',
  });
});
