import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import type { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { CfnResource } from 'aws-cdk-lib/core';
import { controllerOutputs } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import { lifecycleHookNames, tagKeys } from '../names.ts';
import type { LayerStack } from './layer-stack.ts';
import type { WebInputs } from './web.ts';

/**
 * Bounds of the group in the template, for ever: capacity is the controller's, through the Auto Scaling API. CloudFormation creates the group
 * empty, waits for no instance, and leaves sizes alone as long as these do not change.
 */
const templateSize = '0';

/** Seconds until the default result of a hook that nobody answers. */
const hookTimeoutSeconds = 30;

/** Group metrics that are worth having; they cost nothing. */
const groupMetrics = [
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupMaxSize',
  'GroupMinSize',
  'GroupPendingInstances',
];

/** What the group is made from, and what must exist before its first node boots. */
export interface GroupParts {
  readonly launchTemplate: CfnLaunchTemplate;
  readonly targetGroup: CfnTargetGroup;
  readonly after: readonly CfnResource[];
}

/**
 * The group over the private subnets, attached to the target group. Its hooks are in the group itself, so that they exist before the first
 * launch. Each ends in CONTINUE: a controller that does not answer never keeps a site from healing.
 */
export function addGroup(stack: LayerStack, inputs: WebInputs, parts: GroupParts): CfnAutoScalingGroup {
  const { site } = stack;
  const { budgets } = site.lifecycle;
  const group = new CfnAutoScalingGroup(stack, 'AutoScalingGroup', {
    minSize: templateSize,
    maxSize: templateSize,
    launchTemplate: {
      launchTemplateId: parts.launchTemplate.ref,
      version: parts.launchTemplate.attrLatestVersionNumber,
    },
    vpcZoneIdentifier: [...inputs.privateSubnets],
    targetGroupArns: [parts.targetGroup.ref],
    healthCheckType: 'ELB',
    // Counted from InService, which an unanswered hook reaches before the node has booted.
    healthCheckGracePeriod: budgets.bootSeconds + budgets.healthySeconds,
    defaultInstanceWarmup: budgets.healthySeconds,
    instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
    lifecycleHookSpecificationList: [
      hook(site, lifecycleHookNames.launch, 'autoscaling:EC2_INSTANCE_LAUNCHING'),
      hook(site, lifecycleHookNames.terminate, 'autoscaling:EC2_INSTANCE_TERMINATING'),
    ],
    metricsCollection: [{ granularity: '1Minute', metrics: groupMetrics }],
    tags: [
      { key: 'Name', value: `${site.name}-node`, propagateAtLaunch: true },
      { key: tagKeys.site, value: site.name, propagateAtLaunch: true },
      { key: tagKeys.layer, value: stack.layer, propagateAtLaunch: true },
    ],
  });
  group.cfnOptions.updatePolicy = { autoScalingScheduledAction: { ignoreUnmodifiedGroupSizeProperties: true } };
  for (const resource of parts.after) group.addResourceDependency(resource);
  stack.output(controllerOutputs.autoScalingGroupName, group.ref, 'Name of the group');
  return group;
}

/** What lifecycle needs to know of the site, at most 1023 characters: it serves suspended and orphaned sites too, from the group alone. */
function hookMetadata(site: Site): string {
  const { heartbeatSeconds, budgets } = site.lifecycle;
  return JSON.stringify({ version: 1, site: site.name, heartbeatSeconds, ...budgets });
}

function hook(
  site: Site,
  lifecycleHookName: string,
  lifecycleTransition: string,
): CfnAutoScalingGroup.LifecycleHookSpecificationProperty {
  return {
    lifecycleHookName,
    lifecycleTransition,
    defaultResult: 'CONTINUE',
    heartbeatTimeout: hookTimeoutSeconds,
    notificationMetadata: hookMetadata(site),
  };
}
