import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { LayerStack } from './layer-stack.ts';
import { retain } from './protection.ts';

/** Retentions that CloudWatch Logs accepts, in days (API reference, PutRetentionPolicy). */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The shortest retention that CloudWatch Logs accepts and that keeps as long as asked. */
export function acceptedRetention(days: number): number {
  return retentions.find((accepted) => accepted >= days) ?? 3653;
}

/** A log group that outlives its stack, without a name of its own, so that a second attempt never meets the first one's. */
export function addLogGroup(stack: LayerStack, id: string, days: number): CfnLogGroup {
  const group = new CfnLogGroup(stack, id, { retentionInDays: acceptedRetention(days) });
  retain(group);
  return group;
}
