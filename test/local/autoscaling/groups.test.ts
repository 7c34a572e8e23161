import {
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateVersionCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeInstance, eventually, type Fixture, required, startFixture } from '../ec2/fixture.ts';
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

const setDesired = (name: string, desired: number) =>
  fixture.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: desired }));

const update = (name: string, changes: Omit<UpdateAutoScalingGroupCommand['input'], 'AutoScalingGroupName'>) =>
  fixture.autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, ...changes }));

const activities = async (name: string) =>
  (await fixture.autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }))).Activities ??
  [];

const zonesOf = async (name: string) =>
  ((await describeGroup(site, name)).Instances ?? []).map((each) => each.AvailabilityZone).sort();

describe('launching', () => {
  test('instances are spread over the zones, with the tags of their group and template', async () => {
    await createGroup(site, 'spread', {
      DesiredCapacity: 3,
      Tags: [
        { Key: 'site', Value: 'production', PropagateAtLaunch: true },
        { Key: 'hidden', Value: 'yes', PropagateAtLaunch: false },
      ],
    });
    const instances = await inService(site, 'spread', 3);
    expect(await zonesOf('spread')).toEqual(['eu-west-3a', 'eu-west-3b', 'eu-west-3c']);
    const instance = await describeInstance(fixture, idOf(required(instances[0])));
    expect(instance.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'aws:autoscaling:groupName', Value: 'spread' },
        { Key: 'aws:ec2launchtemplate:id', Value: site.templateId },
        { Key: 'aws:ec2launchtemplate:version', Value: '1' },
        { Key: 'from', Value: 'template' },
        { Key: 'site', Value: 'production' },
      ]),
    );
    expect(instance.Tags?.map((each) => each.Key)).not.toContain('hidden');
    expect(instance).toMatchObject({ ImageId: site.imageId, InstanceType: 'm7g.large', State: { Name: 'running' } });
    const [activity] = await activities('spread');
    expect(activity).toMatchObject({
      StatusCode: 'Successful',
      Description: expect.stringMatching(/^Launching a new EC2 instance: i-/),
      Cause: expect.stringContaining('in response to a difference between desired and actual capacity'),
    });
  });

  test('$Latest and $Default are looked up at each launch', async () => {
    const templateId = await createTemplate(fixture, 'versions', site.imageId);
    const specification = { LaunchTemplateId: templateId, Version: '$Latest' };
    await createGroup(site, 'versions', { DesiredCapacity: 1, LaunchTemplate: specification });
    await inService(site, 'versions', 1);
    await fixture.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: templateId,
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 'm7g.xlarge' },
      }),
    );
    await setDesired('versions', 2);
    const instances = await inService(site, 'versions', 2);
    expect(instances.map((each) => each.LaunchTemplate?.Version).sort()).toEqual(['1', '2']);
    expect(instances.map((each) => each.InstanceType).sort()).toEqual(['m7g.large', 'm7g.xlarge']);
    await update('versions', { LaunchTemplate: { LaunchTemplateId: templateId, Version: '$Default' } });
    await setDesired('versions', 3);
    const versions = (await inService(site, 'versions', 3)).map((each) => each.LaunchTemplate?.Version);
    expect(versions.sort()).toEqual(['1', '1', '2']);
  });

  test('an image that does not exist is a failed activity that says so', async () => {
    const templateId = await createTemplate(fixture, 'nowhere', 'ami-0123456789abcdef0');
    await createGroup(site, 'nowhere', { DesiredCapacity: 1, LaunchTemplate: { LaunchTemplateId: templateId } });
    const failed = await eventually('a failed activity', async () => (await activities('nowhere'))[0]);
    expect(failed).toMatchObject({
      StatusCode: 'Failed',
      StatusMessage: "The image id '[ami-0123456789abcdef0]' does not exist. Launching EC2 instance failed.",
    });
    expect((await describeGroup(site, 'nowhere')).Instances).toEqual([]);
  });

  test('a group needs a template, a network and target groups that exist', async () => {
    const template = { LaunchTemplateId: 'lt-0123456789abcdef0' };
    await expect(createGroup(site, 'bad', { LaunchTemplate: template })).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('template ID lt-0123456789abcdef0, does not exist'),
    });
    await expect(createGroup(site, 'bad', { LaunchTemplate: undefined })).rejects.toMatchObject({
      message: expect.stringContaining('Valid requests must contain either LaunchTemplate'),
    });
    await expect(createGroup(site, 'bad', { VPCZoneIdentifier: 'subnet-1' })).rejects.toMatchObject({
      message: "The subnet ID 'subnet-1' does not exist",
    });
    await expect(createGroup(site, 'bad', { TargetGroupARNs: ['arn:aws:none'] })).rejects.toMatchObject({
      message: expect.stringContaining('Provided Target Groups may not be valid'),
    });
    await createGroup(site, 'twice');
    await expect(createGroup(site, 'twice')).rejects.toMatchObject({ name: 'AlreadyExistsFault' });
  });
});

describe('sizes', () => {
  test('new bounds move a desired capacity that falls outside them; one that is given must fit', async () => {
    await createGroup(site, 'bounds', { DesiredCapacity: 0 });
    await update('bounds', { MinSize: 2, MaxSize: 4 });
    expect(await describeGroup(site, 'bounds')).toMatchObject({ MinSize: 2, MaxSize: 4, DesiredCapacity: 2 });
    await update('bounds', { MinSize: 0, MaxSize: 1 });
    expect(await describeGroup(site, 'bounds')).toMatchObject({ MinSize: 0, MaxSize: 1, DesiredCapacity: 1 });
    await expect(update('bounds', { DesiredCapacity: 2 })).rejects.toMatchObject({
      message: 'Desired capacity:2 must be between the specified min size:0 and max size:1',
    });
    await expect(update('bounds', { MinSize: 3 })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(setDesired('bounds', 2)).rejects.toMatchObject({
      message: 'New SetDesiredCapacity value 2 is above max value 1 for the AutoScalingGroup.',
    });
    await update('bounds', { MaxSize: 0 });
    await inService(site, 'bounds', 0);
  });

  test('a scale-in keeps the zones balanced, takes the older version first and spares the protected', async () => {
    const templateId = await createTemplate(fixture, 'shrink', site.imageId);
    await createGroup(site, 'shrink', {
      DesiredCapacity: 3,
      LaunchTemplate: { LaunchTemplateId: templateId, Version: '$Latest' },
    });
    const old = (await inService(site, 'shrink', 3)).map(idOf);
    await fixture.ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: templateId,
        SourceVersion: '1',
        LaunchTemplateData: { InstanceType: 'm7g.xlarge' },
      }),
    );
    await setDesired('shrink', 6);
    await inService(site, 'shrink', 6);
    const spared = required(old[0]);
    await fixture.autoScaling.send(
      new SetInstanceProtectionCommand({
        AutoScalingGroupName: 'shrink',
        InstanceIds: [spared],
        ProtectedFromScaleIn: true,
      }),
    );
    await setDesired('shrink', 3);
    const left = (await inService(site, 'shrink', 3)).map(idOf);
    expect(left.filter((each) => old.includes(each))).toEqual([spared]);
    expect(await zonesOf('shrink')).toEqual(['eu-west-3a', 'eu-west-3b', 'eu-west-3c']);
    await expect(
      fixture.autoScaling.send(
        new SetInstanceProtectionCommand({
          AutoScalingGroupName: 'shrink',
          InstanceIds: ['i-0123456789abcdef0'],
          ProtectedFromScaleIn: true,
        }),
      ),
    ).rejects.toMatchObject({ message: 'The instance i-0123456789abcdef0 is not part of Auto Scaling group shrink.' });
  });
});

describe('instances', () => {
  test('an instance is terminated with a smaller capacity or replaced', async () => {
    await createGroup(site, 'one-by-one', { MinSize: 1, DesiredCapacity: 2 });
    const [first, second] = (await inService(site, 'one-by-one', 2)).map(idOf);
    const terminate = (instanceId: string, smaller: boolean) =>
      fixture.autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: instanceId,
          ShouldDecrementDesiredCapacity: smaller,
        }),
      );
    const { Activity } = await terminate(required(first), true);
    expect(Activity).toMatchObject({ Description: `Terminating EC2 instance: ${first}`, StatusCode: 'InProgress' });
    expect((await inService(site, 'one-by-one', 1)).map(idOf)).toEqual([second]);
    expect((await describeGroup(site, 'one-by-one')).DesiredCapacity).toBe(1);
    await expect(terminate(required(second), true)).rejects.toMatchObject({
      message: expect.stringContaining('violate group'),
    });
    await terminate(required(second), false);
    await eventually('a replacement', async () => {
      const instances = (await describeGroup(site, 'one-by-one')).Instances ?? [];
      return instances.length === 1 && instances[0]?.InstanceId !== second ? true : undefined;
    });
    await expect(terminate('i-0123456789abcdef0', false)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('an instance that somebody terminates is replaced', async () => {
    await createGroup(site, 'healing', { DesiredCapacity: 1 });
    const gone = idOf(required((await inService(site, 'healing', 1))[0]));
    await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
    await eventually('another instance in service', async () => {
      const instances = (await describeGroup(site, 'healing')).Instances ?? [];
      const serving = instances.filter((each) => each.LifecycleState === 'InService' && idOf(each) !== gone);
      return serving.length === 1 && instances.length === 1 ? true : undefined;
    });
    expect((await activities('healing')).map((each) => each.Cause)).toContainEqual(
      expect.stringContaining('an EC2 health check indicating it has been terminated or stopped'),
    );
  });

  test('DescribeAutoScalingInstances names the group of each', async () => {
    await createGroup(site, 'named', { DesiredCapacity: 1 });
    const instanceId = idOf(required((await inService(site, 'named', 1))[0]));
    const found = await fixture.autoScaling.send(
      new DescribeAutoScalingInstancesCommand({ InstanceIds: [instanceId, 'i-0123456789abcdef0'] }),
    );
    expect(found.AutoScalingInstances).toMatchObject([
      { InstanceId: instanceId, AutoScalingGroupName: 'named', LifecycleState: 'InService', HealthStatus: 'HEALTHY' },
    ]);
  });

  test('a suspended Launch process launches nothing until it is resumed', async () => {
    await createGroup(site, 'suspended');
    const processes = { AutoScalingGroupName: 'suspended', ScalingProcesses: ['Launch'] };
    await fixture.autoScaling.send(new SuspendProcessesCommand(processes));
    await setDesired('suspended', 1);
    await createGroup(site, 'meanwhile', { DesiredCapacity: 1 });
    await inService(site, 'meanwhile', 1);
    expect(await describeGroup(site, 'suspended')).toMatchObject({
      Instances: [],
      SuspendedProcesses: [{ ProcessName: 'Launch', SuspensionReason: 'User suspended' }],
    });
    await fixture.autoScaling.send(new ResumeProcessesCommand(processes));
    await inService(site, 'suspended', 1);
  });
});

describe('describing and deleting', () => {
  test('a group shows what it was given', async () => {
    await createGroup(site, 'shown', {
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 120,
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
      TerminationPolicies: ['OldestInstance', 'Default'],
    });
    await fixture.autoScaling.send(
      new CreateOrUpdateTagsCommand({
        Tags: [
          { ResourceId: 'shown', ResourceType: 'auto-scaling-group', Key: 'team', Value: 'b', PropagateAtLaunch: true },
        ],
      }),
    );
    const found = await fixture.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ Filters: [{ Name: 'tag:team', Values: ['b'] }] }),
    );
    expect(found.AutoScalingGroups).toHaveLength(1);
    expect(found.AutoScalingGroups?.[0]).toMatchObject({
      AutoScalingGroupName: 'shown',
      AutoScalingGroupARN: expect.stringMatching(
        /^arn:aws:autoscaling:eu-west-3:000000000000:autoScalingGroup:.*shown$/,
      ),
      LaunchTemplate: { LaunchTemplateId: site.templateId, LaunchTemplateName: 'node', Version: '$Latest' },
      AvailabilityZones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'],
      VPCZoneIdentifier: site.subnetIds.join(','),
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 120,
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
      TerminationPolicies: ['OldestInstance', 'Default'],
      NewInstancesProtectedFromScaleIn: false,
      TargetGroupARNs: [],
      TrafficSources: [],
      Tags: [{ Key: 'team', Value: 'b', PropagateAtLaunch: true, ResourceId: 'shown' }],
    });
  });

  test('a group with instances is deleted by force only, and they end with it', async () => {
    await createGroup(site, 'deleted', { DesiredCapacity: 1 });
    const instanceId = idOf(required((await inService(site, 'deleted', 1))[0]));
    const request = { AutoScalingGroupName: 'deleted' };
    await expect(fixture.autoScaling.send(new DeleteAutoScalingGroupCommand(request))).rejects.toMatchObject({
      name: 'ResourceInUseFault',
    });
    await fixture.autoScaling.send(new DeleteAutoScalingGroupCommand({ ...request, ForceDelete: true }));
    const left = await fixture.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['deleted'] }),
    );
    expect(left.AutoScalingGroups).toEqual([]);
    await eventually('its end', async () =>
      (await describeInstance(fixture, instanceId)).State?.Name === 'terminated' ? true : undefined,
    );
    await expect(setDesired('deleted', 1)).rejects.toMatchObject({
      message: expect.stringContaining('AutoScalingGroup name not found'),
    });
  });
});
