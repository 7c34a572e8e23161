import { CfnFlowLog, type CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { Fn } from 'aws-cdk-lib/core';
import { siteRole } from './iam.ts';
import type { LayerStack } from './layer-stack.ts';
import { addLogGroup } from './log-group.ts';
import { nameTag } from './tags.ts';

/**
 * All traffic of the VPC, kept for the document's days.
 * Role: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
export function addFlowLog(stack: LayerStack, vpc: CfnVPC): void {
  const logGroup = addLogGroup(stack, 'FlowLogGroup', stack.site.network.flowLogDays);
  const role = siteRole(stack, {
    id: 'FlowLogRole',
    description: 'VPC flow logs write to their log group',
    service: 'vpc-flow-logs.amazonaws.com',
    trustCondition: { StringEquals: { 'aws:SourceAccount': Fn.ref('AWS::AccountId') } },
    policies: {
      'write-flow-logs': [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          Resource: logGroup.attrArn,
        },
      ],
    },
  });
  new CfnFlowLog(stack, 'FlowLog', {
    resourceId: vpc.ref,
    resourceType: 'VPC',
    trafficType: 'ALL',
    logDestinationType: 'cloud-watch-logs',
    logGroupName: logGroup.ref,
    deliverLogsPermissionArn: role.attrArn,
    maxAggregationInterval: 600,
    tags: nameTag(stack.site, 'flow-log'),
  });
}
