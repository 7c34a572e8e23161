import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { LayerStack } from './layer-stack.ts';
import { retain } from './protection.ts';

/** A log group that outlives its stack, without a name of its own, so that a second attempt never meets the first one's. */
export function addLogGroup(stack: LayerStack, id: string, retentionInDays: number): CfnLogGroup {
  const group = new CfnLogGroup(stack, id, { retentionInDays });
  retain(group);
  return group;
}
