import {
  type AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
  type Instance,
  PutScalingPolicyCommand,
  type ScalingPolicy,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { type Capacity, cpuPolicyName, type GroupInstance, type GroupState } from '../ports/capacity.ts';
import { defined } from './defined.ts';
import { answered } from './transient.ts';

type AutoScaling = Pick<AutoScalingClient, 'send'>;

/** Auto Scaling through the SDK. */
export function autoScalingCapacity(client: AutoScaling): Capacity {
  return {
    describe: (groupName) => describe(client, groupName),
    setBounds: async (groupName, { min, max }) => {
      // Bounds only: desired capacity belongs to the group, which moves it into the new bounds by itself.
      const command = new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: groupName,
        MinSize: min,
        MaxSize: max,
      });
      await answered(`UpdateAutoScalingGroup ${groupName}`, client.send(command));
    },
    putCpuPolicy: async (groupName, targetPercent) => {
      const command = new PutScalingPolicyCommand({
        AutoScalingGroupName: groupName,
        PolicyName: cpuPolicyName,
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
          TargetValue: targetPercent,
        },
      });
      await answered(`PutScalingPolicy ${groupName}`, client.send(command));
    },
  };
}

async function describe(client: AutoScaling, groupName: string): Promise<GroupState> {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] });
  const { AutoScalingGroups } = await answered(`DescribeAutoScalingGroups ${groupName}`, client.send(command));
  const group = AutoScalingGroups?.[0];
  // Status is only there while the group is being deleted.
  if (!group || group.Status !== undefined) return { kind: 'absent' };
  const policies = await answered(
    `DescribePolicies ${groupName}`,
    client.send(new DescribePoliciesCommand({ AutoScalingGroupName: groupName, PolicyNames: [cpuPolicyName] })),
  );
  return groupState(groupName, group, policies.ScalingPolicies?.[0]);
}

function groupState(name: string, group: AutoScalingGroup, policy: ScalingPolicy | undefined): GroupState {
  return {
    kind: 'present',
    name,
    min: group.MinSize ?? 0,
    max: group.MaxSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    instances: (group.Instances ?? []).map(groupInstance),
    ...defined({
      launchTemplateVersion: group.LaunchTemplate?.Version,
      cpuPolicy: cpuPolicyOf(policy),
    }),
  };
}

function groupInstance(instance: Instance): GroupInstance {
  return {
    instanceId: instance.InstanceId ?? '',
    lifecycleState: instance.LifecycleState ?? '',
    healthStatus: instance.HealthStatus ?? '',
    availabilityZone: instance.AvailabilityZone ?? '',
    ...defined({ launchTemplateVersion: instance.LaunchTemplate?.Version }),
  };
}

/** A policy of our name that does something else counts as none, and is put again. */
function cpuPolicyOf(policy: ScalingPolicy | undefined): { targetPercent: number } | undefined {
  const tracking = policy?.TargetTrackingConfiguration;
  const metric = tracking?.PredefinedMetricSpecification?.PredefinedMetricType;
  if (metric !== 'ASGAverageCPUUtilization' || policy?.Enabled === false) return undefined;
  return tracking?.TargetValue === undefined ? undefined : { targetPercent: tracking.TargetValue };
}
