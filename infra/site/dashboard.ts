import type { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Fn } from 'aws-cdk-lib/core';
import type { LayerStack } from './layer-stack.ts';
import type { LoadBalancer } from './load-balancer.ts';
import type { WebInputs } from './web.ts';

/** One line of a graph: namespace, metric, then dimension names and values in turn. */
type Line = readonly string[];

/** One graph. */
interface Graph {
  readonly title: string;
  readonly stat: string;
  readonly lines: readonly Line[];
}

const graphsPerRow = 3;
const graphWidth = 8;
const graphHeight = 6;

/** The site's dashboard: requests, latency, errors, healthy hosts, CPU, connections, file system, cache. */
export function addDashboard(
  stack: LayerStack,
  inputs: WebInputs,
  balancer: LoadBalancer,
  group: CfnAutoScalingGroup,
): void {
  const graphs = [...webGraphs(balancer, group), ...dataGraphs(stack, inputs)];
  new CfnDashboard(stack, 'Dashboard', {
    dashboardBody: stack.toJsonString({ widgets: graphs.map((graph, index) => widget(graph, index)) }),
  });
}

function webGraphs({ loadBalancer, targetGroup }: LoadBalancer, group: CfnAutoScalingGroup): Graph[] {
  const balancer = ['LoadBalancer', loadBalancer.attrLoadBalancerFullName];
  const targets = [...balancer, 'TargetGroup', targetGroup.attrTargetGroupFullName];
  const elb = (metric: string, dimensions: readonly string[]) => ['AWS/ApplicationELB', metric, ...dimensions];
  return [
    { title: 'Requests', stat: 'Sum', lines: [elb('RequestCount', balancer)] },
    { title: 'Latency (95 %)', stat: 'p95', lines: [elb('TargetResponseTime', balancer)] },
    {
      title: 'Errors',
      stat: 'Sum',
      lines: [elb('HTTPCode_Target_5XX_Count', balancer), elb('HTTPCode_ELB_5XX_Count', balancer)],
    },
    {
      title: 'Hosts',
      stat: 'Minimum',
      lines: [elb('HealthyHostCount', targets), elb('UnHealthyHostCount', targets)],
    },
    { title: 'Node CPU', stat: 'Average', lines: [['AWS/EC2', 'CPUUtilization', 'AutoScalingGroupName', group.ref]] },
  ];
}

function dataGraphs(stack: LayerStack, inputs: WebInputs): Graph[] {
  const rds = (metric: string) => ['AWS/RDS', metric, 'DBInstanceIdentifier', inputs.databaseIdentifier];
  const efs = (metric: string) => ['AWS/EFS', metric, 'FileSystemId', inputs.fileSystemId];
  const firstCacheNode = Fn.join('', [inputs.cacheReplicationGroupId, '-001']);
  const cache = (metric: string) => ['AWS/ElastiCache', metric, 'CacheClusterId', firstCacheNode];
  return [
    { title: 'Database connections', stat: 'Maximum', lines: [rds('DatabaseConnections')] },
    { title: 'Database CPU', stat: 'Average', lines: [rds('CPUUtilization')] },
    { title: 'Database storage free', stat: 'Minimum', lines: [rds('FreeStorageSpace')] },
    { title: 'File system limit', stat: 'Average', lines: [efs('PercentIOLimit')] },
    { title: 'File system traffic', stat: 'Sum', lines: [efs('DataReadIOBytes'), efs('DataWriteIOBytes')] },
    { title: 'Cache memory', stat: 'Average', lines: [cache('DatabaseMemoryUsagePercentage')] },
    { title: 'Cache connections', stat: 'Maximum', lines: [cache('CurrConnections')] },
  ].map((graph) => ({ ...graph, title: `${graph.title} (${stack.site.name})` }));
}

function widget(graph: Graph, index: number) {
  return {
    type: 'metric',
    x: (index % graphsPerRow) * graphWidth,
    y: Math.floor(index / graphsPerRow) * graphHeight,
    width: graphWidth,
    height: graphHeight,
    properties: {
      title: graph.title,
      stat: graph.stat,
      period: 60,
      region: Fn.ref('AWS::Region'),
      metrics: graph.lines,
    },
  };
}
