import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { LayerStack } from './layer-stack.ts';
import { addLogGroup } from './log-group.ts';

/** The log groups that nodes write to. */
export interface NodeLogGroups {
  /** Boot, user data and the system's messages. */
  readonly system: CfnLogGroup;
  /** The web server's and PHP's. */
  readonly web: CfnLogGroup;
  /** Nextcloud's own. */
  readonly nextcloud: CfnLogGroup;
}

/** Three log groups with the document's retention. */
export function addNodeLogGroups(stack: LayerStack): NodeLogGroups {
  const days = stack.site.monitoring.logDays;
  return {
    system: addLogGroup(stack, 'SystemLogGroup', days),
    web: addLogGroup(stack, 'WebLogGroup', days),
    nextcloud: addLogGroup(stack, 'NextcloudLogGroup', days),
  };
}
