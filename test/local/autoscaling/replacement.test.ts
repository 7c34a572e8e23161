import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeScalingActivitiesCommand, SetInstanceHealthCommand } from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type Fixture, instanceDirectory, required, startFixture } from '../ec2/fixture.ts';
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

beforeAll(async () => {
  fixture = await startFixture();
  site = await createSite(fixture);
}, 60_000);
afterAll(async () => {
  await fixture.aws.stop();
});

const breakNode = (instanceId: string) =>
  writeFileSync(join(instanceDirectory(fixture, instanceId), 'disk', 'health.json'), '{"status": 500}');

const setUnhealthy = (instanceId: string) =>
  fixture.autoScaling.send(
    new SetInstanceHealthCommand({
      InstanceId: instanceId,
      HealthStatus: 'Unhealthy',
      ShouldRespectGracePeriod: false,
    }),
  );

/** Wait until an instance has left its group and `count` healthy ones serve without it. */
const replaced = (name: string, gone: string, count: number) =>
  eventually(`the replacement of ${gone}`, async () => {
    const instances = (await describeGroup(site, name)).Instances ?? [];
    const healthy = instances.filter((each) => each.LifecycleState === 'InService' && each.HealthStatus === 'Healthy');
    const over = !instances.some((each) => each.InstanceId === gone) && healthy.length === count;
    return over ? true : undefined;
  });

/** The two newest activities, in the order in which they began. */
async function lastTwo(name: string): Promise<(string | undefined)[]> {
  const { Activities } = await fixture.autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name, MaxRecords: 2 }),
  );
  return (Activities ?? []).map((each) => each.Description).reverse();
}

describe('the load balancer finds a node unhealthy', { timeout: 90_000 }, () => {
  test('after the grace period the group replaces it', async () => {
    const targetGroup = await createTargetGroup(site, 'replaced', 0);
    await createGroup(site, 'replaced', {
      DesiredCapacity: 1,
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 1,
      TargetGroupARNs: [targetGroup],
    });
    const instanceId = idOf(required((await inService(site, 'replaced', 1))[0]));
    await eventually('a healthy target', async () =>
      (await targetState(site, targetGroup, instanceId)) === 'healthy' ? true : undefined,
    );
    breakNode(instanceId);
    await replaced('replaced', instanceId, 1);
    const { Activities } = await fixture.autoScaling.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'replaced' }),
    );
    expect(Activities?.map((each) => each.Cause)).toContainEqual(
      expect.stringContaining('in response to an ELB system health check failure'),
    );
  });

  test('within the grace period, and with EC2 health checks only, it stays', async () => {
    const targetGroup = await createTargetGroup(site, 'stays', 0);
    const options = { DesiredCapacity: 1, TargetGroupARNs: [targetGroup] };
    await createGroup(site, 'grace', { ...options, HealthCheckType: 'ELB', HealthCheckGracePeriod: 3600 });
    await createGroup(site, 'ec2-only', { ...options, HealthCheckType: 'EC2', HealthCheckGracePeriod: 0 });
    for (const name of ['grace', 'ec2-only']) {
      const instanceId = idOf(required((await inService(site, name, 1))[0]));
      breakNode(instanceId);
      await eventually('an unhealthy target', async () =>
        (await targetState(site, targetGroup, instanceId)) === 'unhealthy' ? true : undefined,
      );
      // The group has looked at its instances since: another one has come in service.
      await createGroup(site, `after-${name}`, { DesiredCapacity: 1 });
      await inService(site, `after-${name}`, 1);
      expect((await describeGroup(site, name)).Instances).toMatchObject([
        { InstanceId: instanceId, LifecycleState: 'InService', HealthStatus: 'Healthy' },
      ]);
    }
  });
});

describe('the instance maintenance policy', () => {
  test('launches before it terminates when the healthy minimum is 100 %', async () => {
    await createGroup(site, 'launch-first', {
      DesiredCapacity: 2,
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
    });
    const gone = idOf(required((await inService(site, 'launch-first', 2))[0]));
    await setUnhealthy(gone);
    await replaced('launch-first', gone, 2);
    const launching = expect.stringMatching(/^Launching/);
    expect(await lastTwo('launch-first')).toEqual([launching, `Terminating EC2 instance: ${gone}`]);
  });

  test('terminates before it launches without one', async () => {
    await createGroup(site, 'terminate-first', { DesiredCapacity: 2 });
    const gone = idOf(required((await inService(site, 'terminate-first', 2))[0]));
    await setUnhealthy(gone);
    await replaced('terminate-first', gone, 2);
    const launching = expect.stringMatching(/^Launching/);
    expect(await lastTwo('terminate-first')).toEqual([`Terminating EC2 instance: ${gone}`, launching]);
  });

  test('percentages that contradict each other are refused', async () => {
    const create = createGroup(site, 'contradiction', {
      InstanceMaintenancePolicy: { MinHealthyPercentage: 50, MaxHealthyPercentage: 200 },
    });
    await expect(create).rejects.toMatchObject({ name: 'ValidationError' });
  });
});
