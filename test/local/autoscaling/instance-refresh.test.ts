import {
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
  StartInstanceRefreshCommand,
  type StartInstanceRefreshCommandInput,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type Fixture, required, startFixture } from '../ec2/fixture.ts';
import { createGroup, createSite, createTemplate, describeGroup, idOf, inService, type Site } from './fixture.ts';

let fixture: Fixture;
let site: Site;

beforeAll(async () => {
  fixture = await startFixture();
  site = await createSite(fixture);
}, 60_000);
afterAll(async () => {
  await fixture.aws.stop();
});

/** A group of two whose launch template has got a second version since. */
async function createOutdated(name: string): Promise<{ templateId: string; old: string[] }> {
  const templateId = await createTemplate(fixture, name, site.imageId);
  await createGroup(site, name, {
    DesiredCapacity: 2,
    LaunchTemplate: { LaunchTemplateId: templateId, Version: '$Latest' },
  });
  const old = (await inService(site, name, 2)).map(idOf);
  await newVersion(templateId);
  return { templateId, old };
}

const newVersion = (templateId: string) =>
  fixture.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: templateId,
      SourceVersion: '1',
      LaunchTemplateData: { InstanceType: 'm7g.xlarge' },
    }),
  );

async function start(name: string, options: Partial<StartInstanceRefreshCommandInput> = {}): Promise<string> {
  const started = await fixture.autoScaling.send(
    new StartInstanceRefreshCommand({ AutoScalingGroupName: name, ...options }),
  );
  return required(started.InstanceRefreshId);
}

async function describeRefresh(name: string, id: string): Promise<InstanceRefresh> {
  const found = await fixture.autoScaling.send(
    new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name, InstanceRefreshIds: [id] }),
  );
  return required(found.InstanceRefreshes?.[0]);
}

/** The fewest and the most instances that served while a refresh ran. */
async function watch(name: string, id: string): Promise<{ fewest: number; most: number; refresh: InstanceRefresh }> {
  const serving: number[] = [];
  const refresh = await eventually(`the end of the refresh of ${name}`, async () => {
    const instances = (await describeGroup(site, name)).Instances ?? [];
    serving.push(instances.filter((each) => each.LifecycleState === 'InService').length);
    const now = await describeRefresh(name, id);
    return now.Status === 'Successful' ? now : undefined;
  });
  return { fewest: Math.min(...serving), most: Math.max(...serving), refresh };
}

const versions = async (name: string) =>
  ((await describeGroup(site, name)).Instances ?? []).map((each) => each.LaunchTemplate?.Version);

test('every instance is replaced, with the new ones serving first', async () => {
  const { old } = await createOutdated('launch-first');
  const id = await start('launch-first', { Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 } });
  const { fewest, most, refresh } = await watch('launch-first', id);
  expect(fewest).toBe(2);
  expect(most).toBeLessThanOrEqual(3);
  expect(refresh).toMatchObject({ PercentageComplete: 100, InstancesToUpdate: 0 });
  expect(await versions('launch-first')).toEqual(['2', '2']);
  expect((await inService(site, 'launch-first', 2)).map(idOf).filter((each) => old.includes(each))).toEqual([]);
});

test('without room for more, they are replaced one by one', async () => {
  await createOutdated('one-by-one');
  const { fewest, most } = await watch('one-by-one', await start('one-by-one'));
  expect(fewest).toBeGreaterThanOrEqual(1);
  expect(most).toBeLessThanOrEqual(2);
  expect(await versions('one-by-one')).toEqual(['2', '2']);
});

test('matching instances can be skipped, and a desired configuration becomes the group its own', async () => {
  const { templateId, old } = await createOutdated('desired');
  const skipping = { SkipMatching: true, MinHealthyPercentage: 50 };
  const asIs = { LaunchTemplate: { LaunchTemplateId: templateId, Version: '1' } };
  await watch('desired', await start('desired', { Preferences: skipping, DesiredConfiguration: asIs }));
  expect((await inService(site, 'desired', 2)).map(idOf)).toEqual(old);
  expect((await describeGroup(site, 'desired')).LaunchTemplate?.Version).toBe('1');
  const newer = { LaunchTemplate: { LaunchTemplateId: templateId, Version: '2' } };
  await watch('desired', await start('desired', { Preferences: skipping, DesiredConfiguration: newer }));
  expect(await versions('desired')).toEqual(['2', '2']);
  expect((await describeGroup(site, 'desired')).LaunchTemplate?.Version).toBe('2');
});

test('one refresh at a time; a cancelled one replaces no more', async () => {
  const { old } = await createOutdated('cancelled');
  const id = await start('cancelled', { Preferences: { InstanceWarmup: 3600 } });
  await expect(start('cancelled')).rejects.toMatchObject({ name: 'InstanceRefreshInProgressFault' });
  await eventually('a first replacement', async () => {
    const instances = (await describeGroup(site, 'cancelled')).Instances ?? [];
    return instances.some((each) => each.LaunchTemplate?.Version === '2') ? true : undefined;
  });
  const request = { AutoScalingGroupName: 'cancelled' };
  await fixture.autoScaling.send(new CancelInstanceRefreshCommand(request));
  expect((await describeRefresh('cancelled', id)).Status).toBe('Cancelled');
  await expect(fixture.autoScaling.send(new CancelInstanceRefreshCommand(request))).rejects.toMatchObject({
    name: 'ActiveInstanceRefreshNotFoundFault',
  });
  await inService(site, 'cancelled', 2);
  const left = ((await describeGroup(site, 'cancelled')).Instances ?? []).map(idOf);
  expect(left.filter((each) => old.includes(each))).toHaveLength(1);
});
