import {
  AttachLoadBalancerTargetGroupsCommand,
  DeletePolicyCommand,
  DeleteScheduledActionCommand,
  DescribeNotificationConfigurationsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  DetachLoadBalancerTargetGroupsCommand,
  EnableMetricsCollectionCommand,
  ExecutePolicyCommand,
  PutNotificationConfigurationCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Fixture, required, startFixture } from '../ec2/fixture.ts';
import {
  createGroup,
  createSite,
  createTargetGroup,
  describeGroup,
  idOf,
  inService,
  type Site,
  targetState,
} from './fixture.ts';

let fixture: Fixture;
let site: Site;
let cloudWatch: CloudWatchClient;

beforeAll(async () => {
  fixture = await startFixture();
  site = await createSite(fixture);
  cloudWatch = new CloudWatchClient({
    endpoint: fixture.aws.endpoint,
    region: fixture.aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}, 60_000);
afterAll(async () => {
  await fixture.aws.stop();
});

const alarms = async (prefix: string) =>
  (await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: prefix }))).MetricAlarms ?? [];

const putTracking = (group: string, target: number) =>
  fixture.autoScaling.send(
    new PutScalingPolicyCommand({
      AutoScalingGroupName: group,
      PolicyName: 'cpu',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
        TargetValue: target,
      },
    }),
  );

describe('scaling policies', () => {
  test('target tracking brings two alarms, and takes them along', async () => {
    await createGroup(site, 'tracked');
    const put = await putTracking('tracked', 50);
    const made = await alarms('TargetTracking-tracked-');
    expect(made.map((each) => each.AlarmName?.replace(/-[0-9a-f-]{36}$/, '')).sort()).toEqual([
      'TargetTracking-tracked-AlarmHigh',
      'TargetTracking-tracked-AlarmLow',
    ]);
    for (const alarm of made) {
      expect(alarm).toMatchObject({
        AlarmActions: [put.PolicyARN],
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'tracked' }],
      });
    }
    expect(put.Alarms?.map((each) => each.AlarmName).sort()).toEqual(made.map((each) => each.AlarmName).sort());
    const again = await putTracking('tracked', 50);
    expect(again).toMatchObject({ PolicyARN: put.PolicyARN, Alarms: put.Alarms });
    const changed = await putTracking('tracked', 60);
    expect(changed.PolicyARN).toBe(put.PolicyARN);
    expect((await alarms('TargetTracking-tracked-AlarmHigh'))[0]?.Threshold).toBe(60);
    const { ScalingPolicies } = await fixture.autoScaling.send(
      new DescribePoliciesCommand({ AutoScalingGroupName: 'tracked', PolicyNames: ['cpu'] }),
    );
    expect(ScalingPolicies).toMatchObject([
      {
        PolicyName: 'cpu',
        PolicyType: 'TargetTrackingScaling',
        Enabled: true,
        TargetTrackingConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
          TargetValue: 60,
          DisableScaleIn: false,
        },
      },
    ]);
    const named = { AutoScalingGroupName: 'tracked', PolicyName: 'cpu' };
    await fixture.autoScaling.send(new DeletePolicyCommand(named));
    expect(await alarms('TargetTracking-tracked-')).toEqual([]);
    await expect(fixture.autoScaling.send(new DeletePolicyCommand(named))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  test('an executed policy changes the desired capacity within the bounds', async () => {
    await createGroup(site, 'executed', { DesiredCapacity: 1, MaxSize: 2 });
    await fixture.autoScaling.send(
      new PutScalingPolicyCommand({
        AutoScalingGroupName: 'executed',
        PolicyName: 'out',
        AdjustmentType: 'ChangeInCapacity',
        ScalingAdjustment: 3,
      }),
    );
    await fixture.autoScaling.send(
      new ExecutePolicyCommand({ AutoScalingGroupName: 'executed', PolicyName: 'out', HonorCooldown: false }),
    );
    expect((await describeGroup(site, 'executed')).DesiredCapacity).toBe(2);
    await inService(site, 'executed', 2);
    await fixture.autoScaling.send(
      new PutScalingPolicyCommand({
        AutoScalingGroupName: 'executed',
        PolicyName: 'steps',
        PolicyType: 'StepScaling',
        AdjustmentType: 'PercentChangeInCapacity',
        StepAdjustments: [
          { MetricIntervalUpperBound: 10, ScalingAdjustment: 0 },
          { MetricIntervalLowerBound: 10, ScalingAdjustment: -50 },
        ],
      }),
    );
    await fixture.autoScaling.send(
      new ExecutePolicyCommand({
        AutoScalingGroupName: 'executed',
        PolicyName: 'steps',
        MetricValue: 75,
        BreachThreshold: 60,
      }),
    );
    expect((await describeGroup(site, 'executed')).DesiredCapacity).toBe(1);
  });

  test('a policy of a group that does not exist, or without its configuration, is refused', async () => {
    await expect(putTracking('nobody', 50)).rejects.toMatchObject({
      message: expect.stringContaining('AutoScalingGroup name not found'),
    });
    await createGroup(site, 'unfinished');
    const put = fixture.autoScaling.send(
      new PutScalingPolicyCommand({
        AutoScalingGroupName: 'unfinished',
        PolicyName: 'cpu',
        PolicyType: 'TargetTrackingScaling',
      }),
    );
    await expect(put).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('scheduled actions', () => {
  test('an action sets the sizes at its time and is over', async () => {
    await createGroup(site, 'scheduled', { MaxSize: 1 });
    await fixture.autoScaling.send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: 'scheduled',
        ScheduledActionName: 'soon',
        StartTime: new Date(Date.now() + 1000),
        MinSize: 2,
        MaxSize: 5,
      }),
    );
    await eventually('the new sizes', async () => {
      const { MinSize, MaxSize, DesiredCapacity } = await describeGroup(site, 'scheduled');
      return MinSize === 2 && MaxSize === 5 && DesiredCapacity === 2 ? true : undefined;
    });
    const left = await fixture.autoScaling.send(
      new DescribeScheduledActionsCommand({ AutoScalingGroupName: 'scheduled' }),
    );
    expect(left.ScheduledUpdateGroupActions).toEqual([]);
  });

  test('a recurring action says when it runs next, in its time zone', async () => {
    await createGroup(site, 'recurring');
    const named = { AutoScalingGroupName: 'recurring', ScheduledActionName: 'mornings' };
    const put = (recurrence: string) =>
      fixture.autoScaling.send(
        new PutScheduledUpdateGroupActionCommand({
          ...named,
          Recurrence: recurrence,
          TimeZone: 'Europe/Paris',
          DesiredCapacity: 3,
        }),
      );
    await put('30 7 * * MON-FRI');
    const { ScheduledUpdateGroupActions } = await fixture.autoScaling.send(
      new DescribeScheduledActionsCommand({ AutoScalingGroupName: 'recurring' }),
    );
    const action = required(ScheduledUpdateGroupActions?.[0]);
    expect(action).toMatchObject({ Recurrence: '30 7 * * MON-FRI', TimeZone: 'Europe/Paris', DesiredCapacity: 3 });
    const next = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Paris',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }).format(required(action.StartTime));
    expect(next).toMatch(/^(Mon|Tue|Wed|Thu|Fri)[ ,]+07:30$/);
    await expect(put('at noon')).rejects.toMatchObject({ name: 'ValidationError' });
    await fixture.autoScaling.send(new DeleteScheduledActionCommand(named));
    await expect(fixture.autoScaling.send(new DeleteScheduledActionCommand(named))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});

describe('settings of a group', () => {
  test('target groups that are attached get the instances in service, and give them back', async () => {
    const targetGroup = await createTargetGroup(site, 'attached', 0);
    await createGroup(site, 'attached', { DesiredCapacity: 1 });
    const instanceId = idOf(required((await inService(site, 'attached', 1))[0]));
    const request = { AutoScalingGroupName: 'attached', TargetGroupARNs: [targetGroup] };
    await fixture.autoScaling.send(new AttachLoadBalancerTargetGroupsCommand(request));
    expect(await describeGroup(site, 'attached')).toMatchObject({
      TargetGroupARNs: [targetGroup],
      TrafficSources: [{ Identifier: targetGroup, Type: 'elbv2' }],
    });
    await eventually('a healthy target', async () =>
      (await targetState(site, targetGroup, instanceId)) === 'healthy' ? true : undefined,
    );
    await fixture.autoScaling.send(new DetachLoadBalancerTargetGroupsCommand(request));
    await eventually('no target', async () =>
      (await targetState(site, targetGroup, instanceId)) === 'unused' ? true : undefined,
    );
  });

  test('metrics and notifications are kept and readable', async () => {
    await createGroup(site, 'watched');
    await fixture.autoScaling.send(
      new EnableMetricsCollectionCommand({
        AutoScalingGroupName: 'watched',
        Granularity: '1Minute',
        Metrics: ['GroupInServiceInstances'],
      }),
    );
    await fixture.autoScaling.send(
      new PutNotificationConfigurationCommand({
        AutoScalingGroupName: 'watched',
        TopicARN: 'arn:aws:sns:eu-west-3:000000000000:watched',
        NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH'],
      }),
    );
    expect((await describeGroup(site, 'watched')).EnabledMetrics).toEqual([
      { Metric: 'GroupInServiceInstances', Granularity: '1Minute' },
    ]);
    const { NotificationConfigurations } = await fixture.autoScaling.send(
      new DescribeNotificationConfigurationsCommand({ AutoScalingGroupNames: ['watched'] }),
    );
    expect(NotificationConfigurations).toMatchObject([{ NotificationType: 'autoscaling:EC2_INSTANCE_LAUNCH' }]);
  });
});
