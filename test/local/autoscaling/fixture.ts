import {
  type AutoScalingGroup,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  DescribeAutoScalingGroupsCommand,
  type Instance,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { createNetwork, eventually, type Fixture, imageFolder, registerImage, required } from '../ec2/fixture.ts';

/** What a group needs: subnets in three zones and a launch template of the node image. */
export type Site = {
  readonly fixture: Fixture;
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly imageId: string;
  readonly templateId: string;
};

export async function createSite(fixture: Fixture): Promise<Site> {
  const { vpcId, subnetIds } = await createNetwork(fixture);
  const imageId = await registerImage(fixture, 'node', imageFolder('nextcloud-node'), 'arm64');
  return { fixture, vpcId, subnetIds, imageId, templateId: await createTemplate(fixture, 'node', imageId) };
}

export async function createTemplate(fixture: Fixture, name: string, imageId: string): Promise<string> {
  const created = await fixture.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: {
        ImageId: imageId,
        InstanceType: 'm7g.large',
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'from', Value: 'template' }] }],
      },
    }),
  );
  return required(created.LaunchTemplate?.LaunchTemplateId);
}

/** A target group that a load balancer in every zone forwards to. */
export async function createTargetGroup(site: Site, name: string, delaySeconds: number): Promise<string> {
  const { elb } = site.fixture;
  const balancer = await elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: site.subnetIds }));
  const created = await elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: site.vpcId,
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const arn = required(created.TargetGroups?.[0]?.TargetGroupArn);
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: arn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: String(delaySeconds) }],
    }),
  );
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: required(balancer.LoadBalancers?.[0]?.LoadBalancerArn),
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
    }),
  );
  return arn;
}

export async function createGroup(site: Site, name: string, options: Partial<CreateAutoScalingGroupCommandInput> = {}) {
  await site.fixture.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateId: site.templateId, Version: '$Latest' },
      VPCZoneIdentifier: site.subnetIds.join(','),
      MinSize: 0,
      MaxSize: 6,
      ...options,
    }),
  );
}

export async function findGroup(site: Site, name: string): Promise<AutoScalingGroup | undefined> {
  const found = await site.fixture.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return found.AutoScalingGroups?.[0];
}

export const describeGroup = async (site: Site, name: string) => required(await findGroup(site, name));

/** Wait until a group has exactly these lifecycle states, in any order: its instances. */
export const instancesBecome = (site: Site, name: string, states: readonly string[]): Promise<Instance[]> =>
  eventually(`${name}: ${states.join(', ')}`, async () => {
    const instances = (await findGroup(site, name))?.Instances ?? [];
    const seen = instances.map((each) => each.LifecycleState ?? '').sort();
    return seen.join() === [...states].sort().join() ? instances : undefined;
  });

export const inService = (site: Site, name: string, count: number) =>
  instancesBecome(
    site,
    name,
    Array.from({ length: count }, () => 'InService'),
  );

export const idOf = (instance: Instance) => required(instance.InstanceId);

/** The state of a target: `healthy`, ..., or `unused` when it is not registered. */
export async function targetState(site: Site, targetGroupArn: string, instanceId: string): Promise<string | undefined> {
  const found = await site.fixture.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn, Targets: [{ Id: instanceId }] }),
  );
  return found.TargetHealthDescriptions?.[0]?.TargetHealth?.State;
}
