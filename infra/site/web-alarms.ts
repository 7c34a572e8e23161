import type { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { type AlarmSpec, addAlarm } from './alarm.ts';
import type { LayerStack } from './layer-stack.ts';
import type { LoadBalancer } from './load-balancer.ts';
import type { WebInputs } from './web.ts';

/** Alarms on the load balancer, its targets and the nodes. None depends on the scale: a change of scale touches no stack. */
export function addWebAlarms(
  stack: LayerStack,
  inputs: WebInputs,
  balancer: LoadBalancer,
  group: CfnAutoScalingGroup,
): void {
  for (const alarm of [...requestAlarms(balancer), ...targetAlarms(balancer), cpuAlarm(group)]) {
    addAlarm(stack, inputs.alarmTopicArn, alarm);
  }
  addAlarm(stack, undefined, unhealthyHostBell(balancer));
}

function requestAlarms({ loadBalancer }: LoadBalancer): AlarmSpec[] {
  const base = {
    namespace: 'AWS/ApplicationELB',
    dimensions: { LoadBalancer: loadBalancer.attrLoadBalancerFullName },
    comparison: 'GreaterThanThreshold',
    periodSeconds: 60,
    periods: 5,
    // No request, no metric.
    missingData: 'notBreaching',
  } as const;
  return [
    {
      ...base,
      id: 'TargetErrorsAlarm',
      description: 'nodes answer with errors; look at the Nextcloud and web server logs',
      metric: 'HTTPCode_Target_5XX_Count',
      statistic: 'Sum',
      threshold: 10,
    },
    {
      ...base,
      id: 'LoadBalancerErrorsAlarm',
      description: 'the load balancer finds no node that answers; look at the health of the targets',
      metric: 'HTTPCode_ELB_5XX_Count',
      statistic: 'Sum',
      threshold: 10,
    },
    {
      ...base,
      id: 'LatencyAlarm',
      description: 'one request in twenty takes longer than five seconds; look at the database and the file system',
      metric: 'TargetResponseTime',
      statistic: 'p95',
      threshold: 5,
    },
  ];
}

function targetAlarms(balancer: LoadBalancer): AlarmSpec[] {
  const base = targetMetrics(balancer);
  return [
    {
      ...base,
      id: 'NoHealthyHostAlarm',
      description: 'no node is healthy: the site is down; look at the group and at the health of the targets',
      metric: 'HealthyHostCount',
      statistic: 'Minimum',
      comparison: 'LessThanThreshold',
      threshold: 1,
      periods: 2,
      // Without a registered target there is no sample: a new site, whose group is empty at first, must not ring, and a site whose last node
      // was found dead and taken away must not be told to be well. Requests to a site without nodes ring LoadBalancerErrorsAlarm.
      missingData: 'ignore',
    },
    {
      ...base,
      id: 'UnhealthyHostAlarm',
      description: 'a node has been unhealthy for ten minutes and was not replaced; look at the group',
      metric: 'UnHealthyHostCount',
      statistic: 'Minimum',
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      periods: 10,
      missingData: 'notBreaching',
    },
  ];
}

/**
 * Rings the controller's bell in the minute in which the load balancer finds a node unhealthy, and when all have been healthy for a minute.
 * Any sample counts (Maximum): a look costs little, and it reads for itself whether the node is still unhealthy. People are not told, as
 * every node is unhealthy while it boots.
 */
function unhealthyHostBell(balancer: LoadBalancer): AlarmSpec {
  return {
    ...targetMetrics(balancer),
    id: 'UnhealthyHostBell',
    description:
      'a node is unhealthy: the controller looks at the site; UnhealthyHostAlarm tells people if it stays so',
    metric: 'UnHealthyHostCount',
    statistic: 'Maximum',
    comparison: 'GreaterThanThreshold',
    threshold: 0,
    periods: 1,
    missingData: 'notBreaching',
  };
}

function targetMetrics({ loadBalancer, targetGroup }: LoadBalancer) {
  return {
    namespace: 'AWS/ApplicationELB',
    dimensions: {
      LoadBalancer: loadBalancer.attrLoadBalancerFullName,
      TargetGroup: targetGroup.attrTargetGroupFullName,
    },
    periodSeconds: 60,
  };
}

function cpuAlarm(group: CfnAutoScalingGroup): AlarmSpec {
  return {
    id: 'NodeCpuAlarm',
    description: 'the nodes have been busy for 15 minutes although the group scales; raise scaling.max',
    namespace: 'AWS/EC2',
    metric: 'CPUUtilization',
    dimensions: { AutoScalingGroupName: group.ref },
    statistic: 'Average',
    comparison: 'GreaterThanThreshold',
    threshold: 90,
    periodSeconds: 300,
    periods: 3,
    missingData: 'notBreaching',
  };
}
