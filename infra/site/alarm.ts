import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { LayerStack } from './layer-stack.ts';

/** One alarm on one metric. */
export interface AlarmSpec {
  readonly id: string;
  /** What is wrong when it rings, and what to look at first. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum' | 'p95';
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly periodSeconds: number;
  /** Rings when all of so many periods in a row breach. */
  readonly periods: number;
  /** What silence means; a metric that is only published when something happens is silent for a good reason. */
  readonly missingData: 'breaching' | 'ignore' | 'notBreaching' | 'missing';
}

/**
 * An alarm that tells the topic when it rings and when it is over. Without a topic it tells no person: the controller hears of each alarm of
 * a site by its event. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function addAlarm(stack: LayerStack, topicArn: string | undefined, spec: AlarmSpec): CfnAlarm {
  return new CfnAlarm(stack, spec.id, {
    alarmDescription: `${stack.site.name}: ${spec.description}`,
    namespace: spec.namespace,
    metricName: spec.metric,
    dimensions: Object.entries(spec.dimensions).map(([name, value]) => ({ name, value })),
    ...(spec.statistic === 'p95' ? { extendedStatistic: 'p95' } : { statistic: spec.statistic }),
    comparisonOperator: spec.comparison,
    threshold: spec.threshold,
    period: spec.periodSeconds,
    evaluationPeriods: spec.periods,
    datapointsToAlarm: spec.periods,
    treatMissingData: spec.missingData,
    ...(topicArn === undefined ? {} : { alarmActions: [topicArn], okActions: [topicArn] }),
  });
}
