import {
  DescribeLifecycleHooksCommand,
  DescribeNotificationConfigurationsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  describeInstance,
  eventually,
  type Fixture,
  imageFolder,
  registerImage,
  required,
  startFixture,
} from '../ec2/fixture.ts';
import {
  createSite,
  createTargetGroup,
  describeGroup,
  findGroup,
  idOf,
  inService,
  instancesBecome,
  type Site,
} from './fixture.ts';

type Properties = Record<string, unknown>;

let fixture: Fixture;
let site: Site;

beforeAll(async () => {
  fixture = await startFixture();
  site = await createSite(fixture);
}, 60_000);
afterAll(async () => {
  await fixture.aws.stop();
});

const ignoring = { AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true } };

/** A stack of a launch template and a group called after the stack. */
function template(name: string, group: Properties, updatePolicy?: Properties, instanceType = 'm7g.large'): string {
  return JSON.stringify({
    Resources: {
      Template: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateName: `${name}-nodes`,
          LaunchTemplateData: { ImageId: site.imageId, InstanceType: instanceType },
        },
      },
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        ...(updatePolicy ? { UpdatePolicy: updatePolicy } : {}),
        Properties: {
          AutoScalingGroupName: name,
          LaunchTemplate: {
            LaunchTemplateId: { Ref: 'Template' },
            Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] },
          },
          VPCZoneIdentifier: site.subnetIds,
          MinSize: '0',
          MaxSize: '0',
          ...group,
        },
      },
    },
  });
}

const create = (name: string, body: string) =>
  fixture.cloudFormation.send(new CreateStackCommand({ StackName: name, TemplateBody: body, DisableRollback: true }));

const update = (name: string, body: string) =>
  fixture.cloudFormation.send(new UpdateStackCommand({ StackName: name, TemplateBody: body, DisableRollback: true }));

const status = async (name: string) =>
  (await fixture.cloudFormation.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0]?.StackStatus;

const becomes = (name: string, wanted: string) =>
  eventually(`stack ${name} ${wanted}`, async () => {
    const now = await status(name);
    if (now !== wanted && now !== undefined && /(_FAILED|ROLLBACK_COMPLETE)$/.test(now)) {
      throw new Error(`Stack ${name} is ${now}, not ${wanted}: ${await failures(name)}`);
    }
    return now === wanted ? true : undefined;
  });

async function failures(name: string): Promise<string> {
  const { StackEvents } = await fixture.cloudFormation.send(new DescribeStackEventsCommand({ StackName: name }));
  const failed = (StackEvents ?? []).filter((each) => each.ResourceStatus?.endsWith('FAILED'));
  return failed.map((each) => `${each.LogicalResourceId}: ${each.ResourceStatusReason}`).join('\n');
}

const sizes = async (name: string) => {
  const { MinSize, MaxSize, DesiredCapacity } = await describeGroup(site, name);
  return { MinSize, MaxSize, DesiredCapacity };
};

const hook = (transition: 'LAUNCHING' | 'TERMINATING', heartbeat: number) => ({
  LifecycleHookName: transition.toLowerCase(),
  LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
  HeartbeatTimeout: heartbeat,
  DefaultResult: 'CONTINUE',
});

describe('creating', () => {
  test('with zero instances, and everything that the template says is readable', async () => {
    const targetGroup = await createTargetGroup(site, 'zero', 0);
    const topic = 'arn:aws:sns:eu-west-3:000000000000:zero';
    await create(
      'zero',
      template('zero', {
        TargetGroupARNs: [targetGroup],
        HealthCheckType: 'ELB',
        HealthCheckGracePeriod: 600,
        LifecycleHookSpecificationList: [hook('LAUNCHING', 30), hook('TERMINATING', 60)],
        InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
        Tags: [{ Key: 'site', Value: 'zero', PropagateAtLaunch: true }],
        MetricsCollection: [{ Granularity: '1Minute' }],
        NotificationConfigurations: [
          { TopicARN: [topic], NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH_ERROR'] },
        ],
      }),
    );
    await becomes('zero', 'CREATE_COMPLETE');
    const group = await describeGroup(site, 'zero');
    expect(group).toMatchObject({
      MinSize: 0,
      MaxSize: 0,
      DesiredCapacity: 0,
      TargetGroupARNs: [targetGroup],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 600,
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
      AvailabilityZones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'],
      LaunchTemplate: { LaunchTemplateName: 'zero-nodes', Version: '1' },
    });
    expect(group.Tags).toContainEqual(expect.objectContaining({ Key: 'site', Value: 'zero', PropagateAtLaunch: true }));
    expect(group.EnabledMetrics).toHaveLength(8);
    const { LifecycleHooks } = await fixture.autoScaling.send(
      new DescribeLifecycleHooksCommand({ AutoScalingGroupName: 'zero' }),
    );
    expect(LifecycleHooks?.map((each) => [each.LifecycleHookName, each.HeartbeatTimeout])).toEqual([
      ['launching', 30],
      ['terminating', 60],
    ]);
    const { NotificationConfigurations } = await fixture.autoScaling.send(
      new DescribeNotificationConfigurationsCommand({ AutoScalingGroupNames: ['zero'] }),
    );
    expect(NotificationConfigurations).toMatchObject([{ TopicARN: topic }]);
  });

  test('waits for the desired capacity in service, through the launch hooks', { timeout: 90_000 }, async () => {
    const body = template('waiting', {
      MaxSize: '2',
      DesiredCapacity: '2',
      LifecycleHookSpecificationList: [hook('LAUNCHING', 30)],
    });
    await create('waiting', body);
    await instancesBecome(site, 'waiting', ['Pending:Wait', 'Pending:Wait']);
    expect(await status('waiting')).toBe('CREATE_IN_PROGRESS');
    await becomes('waiting', 'CREATE_COMPLETE');
    await inService(site, 'waiting', 2);
  });

  test('fails when EC2 refuses the launch, and is mended by the next update', async () => {
    const body = template('refused', { MaxSize: '1', DesiredCapacity: '1' });
    await create('refused', body.replace(site.imageId, 'ami-0123456789abcdef0'));
    await becomes('refused', 'CREATE_FAILED');
    expect(await failures('refused')).toContain(
      "Group did not stabilize. {current/minSize/maxSize} group size = {0/0/1}. Failed Scaling Activity: The image id '[ami-0123456789abcdef0]' does not exist",
    );
    await update('refused', body);
    await becomes('refused', 'UPDATE_COMPLETE');
    await inService(site, 'refused', 1);
  });
});

describe('updating', () => {
  const setSizes = (name: string, low: number, high: number) =>
    fixture.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: low, MaxSize: high }),
    );

  test('leaves unmodified sizes alone when the policy says so', async () => {
    await create('ignoring', template('ignoring', {}, ignoring));
    await becomes('ignoring', 'CREATE_COMPLETE');
    await setSizes('ignoring', 1, 4);
    const before = (await inService(site, 'ignoring', 1)).map(idOf);
    await update('ignoring', template('ignoring', { HealthCheckGracePeriod: 90 }, ignoring, 'm7g.xlarge'));
    await becomes('ignoring', 'UPDATE_COMPLETE');
    expect(await sizes('ignoring')).toEqual({ MinSize: 1, MaxSize: 4, DesiredCapacity: 1 });
    const after = await describeGroup(site, 'ignoring');
    expect(after.HealthCheckGracePeriod).toBe(90);
    expect(after.LaunchTemplate?.Version).toBe('2');
    expect(after.Instances?.map(idOf)).toEqual(before);
    expect(after.Instances?.[0]?.LaunchTemplate?.Version).toBe('1');
    await update('ignoring', template('ignoring', { MaxSize: '3' }, ignoring, 'm7g.xlarge'));
    await becomes('ignoring', 'UPDATE_COMPLETE');
    expect(await sizes('ignoring')).toEqual({ MinSize: 1, MaxSize: 3, DesiredCapacity: 1 });
  });

  test('always sets the sizes without it', async () => {
    await create('setting', template('setting', {}));
    await becomes('setting', 'CREATE_COMPLETE');
    await setSizes('setting', 1, 4);
    await inService(site, 'setting', 1);
    await update('setting', template('setting', { HealthCheckGracePeriod: 90 }));
    await becomes('setting', 'UPDATE_COMPLETE');
    expect(await sizes('setting')).toEqual({ MinSize: 0, MaxSize: 0, DesiredCapacity: 0 });
    await inService(site, 'setting', 0);
  });

  test('changes hooks in place and removes those that left the template', async () => {
    const withHooks = (hooks: object[]) => template('hooks', { LifecycleHookSpecificationList: hooks }, ignoring);
    await create('hooks', withHooks([hook('LAUNCHING', 30), hook('TERMINATING', 30)]));
    await becomes('hooks', 'CREATE_COMPLETE');
    await update('hooks', withHooks([hook('LAUNCHING', 600)]));
    await becomes('hooks', 'UPDATE_COMPLETE');
    const { LifecycleHooks } = await fixture.autoScaling.send(
      new DescribeLifecycleHooksCommand({ AutoScalingGroupName: 'hooks' }),
    );
    expect(LifecycleHooks).toMatchObject([{ LifecycleHookName: 'launching', HeartbeatTimeout: 600 }]);
  });
});

describe('deleting', () => {
  test('ends the instances, then the group', async () => {
    await create('ending', template('ending', { MinSize: '1', MaxSize: '1' }));
    await becomes('ending', 'CREATE_COMPLETE');
    const instanceId = idOf(required((await inService(site, 'ending', 1))[0]));
    await fixture.cloudFormation.send(new DeleteStackCommand({ StackName: 'ending' }));
    await eventually('the end of the instance', async () =>
      (await describeInstance(fixture, instanceId)).State?.Name === 'terminated' ? true : undefined,
    );
    await eventually('no group', async () => ((await findGroup(site, 'ending')) ? undefined : true));
  });
});

test('an AWS::EC2::Instance is created when it runs, and ends with its stack', async () => {
  const imageId = await registerImage(fixture, 'bastion', imageFolder('bastion'), 'x86_64');
  const body = (name: string) =>
    JSON.stringify({
      Resources: {
        Bastion: {
          Type: 'AWS::EC2::Instance',
          Properties: {
            ImageId: imageId,
            InstanceType: 't3.micro',
            SubnetId: site.subnetIds[0],
            Tags: [{ Key: 'Name', Value: name }],
          },
        },
      },
      Outputs: {
        Id: { Value: { Ref: 'Bastion' } },
        Zone: { Value: { 'Fn::GetAtt': ['Bastion', 'AvailabilityZone'] } },
        Address: { Value: { 'Fn::GetAtt': ['Bastion', 'PrivateIp'] } },
      },
    });
  await create('bastion', body('bastion'));
  await becomes('bastion', 'CREATE_COMPLETE');
  const { Stacks } = await fixture.cloudFormation.send(new DescribeStacksCommand({ StackName: 'bastion' }));
  const outputs = Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map((each) => [each.OutputKey, each.OutputValue]));
  const instanceId = required(outputs['Id']);
  expect(outputs).toMatchObject({ Zone: 'eu-west-3a', Address: expect.stringMatching(/^10\.20\.0\./) });
  expect((await describeInstance(fixture, instanceId)).State?.Name).toBe('running');
  await update('bastion', body('jump host'));
  await becomes('bastion', 'UPDATE_COMPLETE');
  expect((await describeInstance(fixture, instanceId)).Tags).toContainEqual({ Key: 'Name', Value: 'jump host' });
  await fixture.cloudFormation.send(new DeleteStackCommand({ StackName: 'bastion' }));
  await eventually('its end', async () =>
    (await describeInstance(fixture, instanceId)).State?.Name === 'terminated' ? true : undefined,
  );
});
