import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { root } from '../iam/assumed-role.ts';
import { collectEvents, type ReceivedEvent } from './received-events.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.stop());

test('an alarm that changes its state is an event, one that stays as it is is none', async () => {
  const cloudWatch = new CloudWatchClient(root(aws));
  const arrived = await collectEvents(aws, 'alarms', { source: ['aws.cloudwatch'] });
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'busy',
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'web' }],
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 80,
      ComparisonOperator: 'GreaterThanThreshold',
      // What is set by hand lasts until the next evaluation, which then keeps it.
      TreatMissingData: 'ignore',
    }),
  );
  for (const StateValue of ['OK', 'ALARM', 'ALARM'] as const) {
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'busy', StateValue, StateReason: 'by hand' }));
  }
  const events: ReceivedEvent[] = [];
  const collected = async () => events.push(...(await arrived()));
  await expect.poll(collected, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  expect(events.map((event) => event.detail)).toMatchObject([
    { alarmName: 'busy', state: { value: 'OK' }, previousState: { value: 'INSUFFICIENT_DATA' } },
    {
      state: { value: 'ALARM', reason: 'by hand' },
      previousState: { value: 'OK' },
      configuration: {
        metrics: [
          {
            metricStat: {
              metric: { name: 'CPUUtilization', dimensions: { AutoScalingGroupName: 'web' } },
              period: 60,
              stat: 'Average',
            },
          },
        ],
      },
    },
  ]);
  expect(events[0]?.resources).toEqual(['arn:aws:cloudwatch:eu-west-3:000000000000:alarm:busy']);
});
