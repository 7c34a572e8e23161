import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { RebootInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createNetwork,
  describeInstance,
  eventually,
  type Fixture,
  imageFolder,
  programId,
  registerImage,
  required,
  startFixture,
} from '../ec2/fixture.ts';
import { collectEvents, type ReceivedEvent } from '../events/received-events.ts';
import { root } from '../iam/assumed-role.ts';

let fixture: Fixture;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  fixture = await startFixture();
  cloudWatch = new CloudWatchClient(root(fixture.aws));
}, 60_000);
afterAll(() => fixture.aws.stop());

/** What follows `without` in the last part of an ARN. */
const fullName = (arn: string, without = '') => required(arn.split(':')[5]).slice(without.length);

/** A load balancer that forwards to a target group for the nodes and to one that never has a target. */
async function balance() {
  const { vpcId, subnetIds } = await createNetwork(fixture);
  const made = await fixture.elb.send(
    new CreateLoadBalancerCommand({ Name: 'site', Subnets: subnetIds, Type: 'application' }),
  );
  const LoadBalancerArn = required(made.LoadBalancers?.[0]?.LoadBalancerArn);
  const arns: string[] = [];
  for (const [index, Name] of ['nodes', 'nobody'].entries()) {
    const created = await fixture.elb.send(
      new CreateTargetGroupCommand({
        Name,
        Protocol: 'HTTP',
        Port: 80,
        VpcId: vpcId,
        HealthCheckPath: '/health',
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 2,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
      }),
    );
    const TargetGroupArn = required(created.TargetGroups?.[0]?.TargetGroupArn);
    const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn }];
    await fixture.elb.send(
      new CreateListenerCommand({ LoadBalancerArn, Protocol: 'HTTP', Port: 80 + index, DefaultActions }),
    );
    arns.push(TargetGroupArn);
  }
  const targetGroupArn = required(arns[0]);
  return {
    targetGroupArn,
    subnetId: required(subnetIds[0]),
    dimensions: [
      { Name: 'LoadBalancer', Value: fullName(LoadBalancerArn, 'loadbalancer/') },
      { Name: 'TargetGroup', Value: fullName(targetGroupArn) },
    ],
  };
}

async function runNodes(targetGroupArn: string, SubnetId: string): Promise<string[]> {
  const ImageId = await registerImage(fixture, 'node', imageFolder('nextcloud-node'), 'arm64');
  const { Instances } = await fixture.ec2.send(
    new RunInstancesCommand({ ImageId, InstanceType: 'm7g.large', SubnetId, MinCount: 2, MaxCount: 2 }),
  );
  const ids = (Instances ?? []).map((instance) => required(instance.InstanceId));
  for (const id of ids) {
    await eventually(`${id} running`, async () =>
      (await describeInstance(fixture, id)).State?.Name === 'running' ? true : undefined,
    );
  }
  await fixture.elb.send(
    new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets: ids.map((Id) => ({ Id })) }),
  );
  return ids;
}

test('a node that stops answering is a data point, an alarm and an event, and so is its return', async () => {
  const { targetGroupArn, subnetId, dimensions } = await balance();
  const ids = await runNodes(targetGroupArn, subnetId);
  const healthy = async () => {
    const { TargetHealthDescriptions } = await fixture.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    );
    return (TargetHealthDescriptions ?? []).filter((one) => one.TargetHealth?.State === 'healthy').length;
  };
  await eventually('both healthy', async () => ((await healthy()) === 2 ? true : undefined));

  const arrived = await collectEvents(fixture.aws, 'unhealthy-hosts', {
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { alarmName: [{ prefix: 'unhealthy' }] },
  });
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'unhealthy-host',
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'UnHealthyHostCount',
      Dimensions: dimensions,
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );
  const events: ReceivedEvent[] = [];
  const rings = async (value: string) => {
    await expect
      .poll(
        async () => {
          events.push(...(await arrived()));
          return (events.at(-1)?.detail['state'] as { value: string } | undefined)?.value;
        },
        { timeout: 150_000 },
      )
      .toBe(value);
  };
  await rings('OK');
  const victim = required(ids[0]);
  process.kill(required(programId(fixture, victim)), 'SIGKILL');
  await rings('ALARM');
  await fixture.ec2.send(new RebootInstancesCommand({ InstanceIds: [victim] }));
  await rings('OK');
  expect(await healthy()).toBe(2);

  const statistics = async (MetricName: string) => {
    const { Datapoints } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/ApplicationELB',
        MetricName,
        Dimensions: dimensions,
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(),
        Period: 60,
        Statistics: ['Minimum', 'Maximum'],
      }),
    );
    return Datapoints ?? [];
  };
  const unhealthy = await statistics('UnHealthyHostCount');
  expect(Math.max(...unhealthy.map((point) => required(point.Maximum)))).toBe(1);
  expect(unhealthy.every((point) => point.Unit === 'Count' && required(point.Timestamp).getTime() % 60_000 === 0)).toBe(
    true,
  );
  const counts = await statistics('HealthyHostCount');
  expect(counts.map((point) => point.Minimum)).toContain(1);
  expect(counts.map((point) => point.Maximum)).toContain(2);

  // A target group without registered targets is not reported.
  const { Metrics } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'AWS/ApplicationELB' }));
  const listed = (Metrics ?? []).map((metric) => ({
    name: metric.MetricName,
    dimensions: Object.fromEntries((metric.Dimensions ?? []).map((one) => [one.Name, one.Value])),
  }));
  const expected = Object.fromEntries(dimensions.map((one) => [one.Name, one.Value]));
  expect(listed.sort((a, b) => String(a.name).localeCompare(String(b.name)))).toEqual([
    { name: 'HealthyHostCount', dimensions: expected },
    { name: 'UnHealthyHostCount', dimensions: expected },
  ]);
}, 420_000);
