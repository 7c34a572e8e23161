import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { collectEvents, type ReceivedEvent } from '../events/received-events.ts';
import { root } from '../iam/assumed-role.ts';

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
/** Before the evaluation every alarm of the tables is put into a state that no evaluation would give it, unless it is kept. */
type Expected = State | 'kept';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html#alarms-evaluating-missing-data
// The newest on the right: 0 is within the threshold, X breaches, - is no data. States in the order of `treatments`.
const threeOfThree: readonly [string, ...Expected[]][] = [
  ['0-X-X', 'OK', 'OK', 'OK', 'OK'],
  ['0----', 'OK', 'OK', 'OK', 'OK'],
  ['-----', 'INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'],
  ['0XX-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['--X--', 'ALARM', 'kept', 'ALARM', 'OK'],
  ['---X-', 'kept', 'kept', 'ALARM', 'OK'],
];
const twoOfThree: readonly [string, ...Expected[]][] = [
  ['0-X-X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['00X0X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0-X--', 'OK', 'OK', 'ALARM', 'OK'],
  ['----0', 'OK', 'OK', 'ALARM', 'OK'],
  ['---X-', 'ALARM', 'kept', 'ALARM', 'OK'],
];

let aws: LocalAws;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  aws = await startLocalAws();
  cloudWatch = new CloudWatchClient(root(aws));
});
afterAll(() => aws.stop());

const minuteMs = 60_000;
/** For a test that waits for a minute to begin, then to end. */
const timeout = 240_000;

/** By then the minute before has been evaluated (5 s after its end), which would judge half of what is prepared. */
const settledMs = 10_000;

/** The start of a minute that has time enough left to prepare everything in it, the minute before being evaluated. */
async function freshMinute(): Promise<number> {
  const passed = Date.now() % minuteMs;
  if (passed < settledMs) await sleep(settledMs - passed);
  else if (passed > 35_000) await sleep(minuteMs - passed + settledMs);
  return Math.floor(Date.now() / minuteMs) * minuteMs;
}

/** Data of one series: the newest in the minute that is under way, each older one a minute before. */
async function putSeries(series: string, thisMinute: number): Promise<void> {
  const MetricData = [...series].reverse().flatMap((sign, age) =>
    sign === '-'
      ? []
      : [
          {
            MetricName: 'Level',
            Dimensions: [{ Name: 'Series', Value: series }],
            Timestamp: new Date(thisMinute - age * minuteMs + 1_000),
            Value: sign === 'X' ? 10 : 0,
          },
        ],
  );
  if (MetricData.length > 0) await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));
}

const putAlarm = (AlarmName: string, series: string, settings: Partial<PutMetricAlarmCommandInput>) =>
  cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'Test',
      MetricName: 'Level',
      Dimensions: [{ Name: 'Series', Value: series }],
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 5,
      Period: 60,
      EvaluationPeriods: 3,
      ...settings,
    }),
  );

const setState = (AlarmName: string, StateValue: State) =>
  cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'by hand' }));

async function alarms(): Promise<ReadonlyMap<string, MetricAlarm>> {
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 100 }));
  return new Map((MetricAlarms ?? []).map((alarm) => [alarm.AlarmName ?? '', alarm]));
}

async function evaluated(name: string): Promise<ReadonlyMap<string, MetricAlarm>> {
  await expect
    .poll(async () => (await alarms()).get(name)?.StateReason, { timeout: 90_000, interval: 1_000 })
    .not.toBe('by hand');
  return alarms();
}

test.concurrent('alarms are evaluated each minute as the tables of missing data say, on their own dimensions only', {
  timeout,
}, async () => {
  const minute = await freshMinute();
  const cases = [
    ...threeOfThree.map(([series, ...states]) => ({ series, states, DatapointsToAlarm: 3 })),
    ...twoOfThree.map(([series, ...states]) => ({ series, states, DatapointsToAlarm: 2 })),
  ];
  const expected: Record<string, State> = {};
  for (const { series } of cases.filter((one, at) => cases.findIndex((other) => other.series === one.series) === at)) {
    await putSeries(series, minute);
  }
  for (const { series, states, DatapointsToAlarm } of cases) {
    for (const [index, TreatMissingData] of treatments.entries()) {
      const name = `${series} ${DatapointsToAlarm} of 3 ${TreatMissingData}`;
      const state = states[index] ?? 'kept';
      await putAlarm(name, series, { DatapointsToAlarm, TreatMissingData });
      const before = state === 'ALARM' ? 'OK' : 'ALARM';
      await setState(name, before);
      expected[name] = state === 'kept' ? before : state;
    }
  }
  await putAlarm('last', '-----', { TreatMissingData: 'notBreaching' });
  await setState('last', 'ALARM');
  const found = await evaluated('last');
  const states = Object.fromEntries(Object.keys(expected).map((name) => [name, found.get(name)?.StateValue]));
  expect(states).toEqual(expected);
});

test.concurrent('what rings is told as an event, with the reason', { timeout }, async () => {
  const arrived = await collectEvents(aws, 'rings', {
    source: ['aws.cloudwatch'],
    detail: { alarmName: ['rings'], state: { value: ['ALARM'] } },
  });
  const minute = await freshMinute();
  await putSeries('X', minute);
  await putAlarm('rings', 'X', { EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
  const events: ReceivedEvent[] = [];
  const collected = async () => events.push(...(await arrived()));
  await expect.poll(collected, { timeout: 90_000 }).toBeGreaterThanOrEqual(1);
  expect(events[0]).toMatchObject({
    'detail-type': 'CloudWatch Alarm State Change',
    detail: {
      alarmName: 'rings',
      state: { value: 'ALARM', reason: expect.stringContaining('greater than the threshold (5.0)') },
      previousState: { value: 'INSUFFICIENT_DATA' },
    },
  });
});
