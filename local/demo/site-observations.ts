import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeStackResourcesCommand,
  paginateDescribeStackEvents,
  paginateDescribeStacks,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { OperatorClients } from './stage.ts';

/** The stacks of a site, by CloudFormation's own answer, in the order of their creation. */
export async function stacksOf(clients: OperatorClients, site: string): Promise<readonly Stack[]> {
  const found: Stack[] = [];
  for await (const page of paginateDescribeStacks({ client: clients.cloudFormation }, {})) {
    for (const stack of page.Stacks ?? []) {
      if (stack.StackName?.startsWith(`nextcloud-site-${site}-`) && stack.StackStatus !== 'DELETE_COMPLETE')
        found.push(stack);
    }
  }
  return found.sort((a, b) => (a.CreationTime?.getTime() ?? 0) - (b.CreationTime?.getTime() ?? 0));
}

/** Every event of a site's stacks so far: what CloudFormation touched. */
export async function eventsOf(clients: OperatorClients, site: string): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = [];
  for (const stack of await stacksOf(clients, site)) {
    const pages = paginateDescribeStackEvents({ client: clients.cloudFormation }, { StackName: stack.StackId });
    for await (const page of pages) events.push(...(page.StackEvents ?? []));
  }
  return events;
}

/** The events that were not there before. */
export function eventsSince(before: readonly StackEvent[], now: readonly StackEvent[]): readonly StackEvent[] {
  const known = new Set(before.map((event) => event.EventId));
  return now.filter((event) => !known.has(event.EventId));
}

/** `<stack>/<logical id> = <physical id>` of every resource: what a site consists of. */
export async function inventoryOf(clients: OperatorClients, site: string): Promise<readonly string[]> {
  const inventory: string[] = [];
  for (const stack of await stacksOf(clients, site)) {
    const { StackResources } = await clients.cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName: stack.StackName }),
    );
    for (const resource of StackResources ?? []) {
      inventory.push(`${stack.StackName}/${resource.LogicalResourceId} = ${resource.PhysicalResourceId}`);
    }
  }
  return inventory.sort();
}

/** The site's Auto Scaling group, found by its tag; undefined until it exists. */
export async function groupOf(clients: OperatorClients, site: string): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups } = await clients.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ Filters: [{ Name: 'tag:nextcloud-gitops:site', Values: [site] }] }),
  );
  return AutoScalingGroups?.[0];
}

/** Ids of the instances that the load balancer calls healthy. */
export async function healthyTargets(clients: OperatorClients, group: AutoScalingGroup): Promise<readonly string[]> {
  const healthy: string[] = [];
  for (const arn of group.TargetGroupARNs ?? []) {
    const { TargetHealthDescriptions } = await clients.loadBalancing.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
    );
    for (const target of TargetHealthDescriptions ?? []) {
      if (target.TargetHealth?.State === 'healthy' && target.Target?.Id) healthy.push(target.Target.Id);
    }
  }
  return healthy;
}

/** Retention in days of every log group of a site, by its name. */
export async function logRetentionOf(clients: OperatorClients, site: string): Promise<ReadonlyMap<string, number>> {
  const retention = new Map<string, number>();
  for await (const page of paginateDescribeLogGroups({ client: clients.logs }, {})) {
    for (const group of page.logGroups ?? []) {
      if (group.logGroupName?.includes(`nextcloud-site-${site}-`)) {
        retention.set(group.logGroupName, group.retentionInDays ?? 0);
      }
    }
  }
  return retention;
}
