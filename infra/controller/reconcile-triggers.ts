import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { stackPrefix } from '../names.ts';
import { bucketPrefixes } from './storage.ts';

export interface ReconcileTriggersProps {
  readonly bucket: s3.Bucket;
  readonly bell: sqs.Queue;
  /** Where EventBridge and Scheduler leave what they cannot deliver. */
  readonly undelivered: sqs.Queue;
}

/** Everything that rings reconcile's bell besides a person and the function itself. */
export class ReconcileTriggers extends Construct {
  constructor(scope: Construct, id: string, props: ReconcileTriggersProps) {
    super(scope, id);
    documentRule(this, props);
    stackStatusRule(this, props);
    groupRule(this, props);
    alarmRule(this, props);
    const role = schedulerRole(this, props);
    schedule(this, props, role, { id: 'Tick', kind: 'tick', minutes: 1, why: 'Looks at what is due' });
    schedule(this, props, role, { id: 'Resync', kind: 'resync', minutes: 10, why: 'Looks at every site' });
  }
}

// Only the documents: what the controller itself writes must not wake it.
function documentRule(scope: Construct, { bucket, ...target }: ReconcileTriggersProps): void {
  const rule = new events.Rule(scope, 'DocumentRule', {
    description: 'A desired-state document was put or removed',
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created', 'Object Deleted'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix: bucketPrefixes.sites }] } },
    },
  });
  rule.addTarget(bellTarget(target));
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-eventbridge.html
function stackStatusRule(scope: Construct, target: ReconcileTriggersProps): void {
  const stackIds = Stack.of(scope).formatArn({
    service: 'cloudformation',
    resource: 'stack',
    resourceName: stackPrefix,
  });
  const rule = new events.Rule(scope, 'StackStatusRule', {
    description: 'A stack of a site changed its status',
    eventPattern: {
      source: ['aws.cloudformation'],
      detailType: ['CloudFormation Stack Status Change'],
      detail: { 'stack-id': [{ prefix: stackIds }] },
    },
  });
  rule.addTarget(bellTarget(target));
}

// Health has no event of its own: a node that comes or goes is when it changes.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
function groupRule(scope: Construct, target: ReconcileTriggersProps): void {
  const rule = new events.Rule(scope, 'GroupRule', {
    description: 'An instance of a site came or went',
    eventPattern: {
      source: ['aws.autoscaling'],
      detailType: [
        'EC2 Instance-launch Lifecycle Action',
        'EC2 Instance-terminate Lifecycle Action',
        'EC2 Instance Launch Successful',
        'EC2 Instance Launch Unsuccessful',
        'EC2 Instance Terminate Successful',
        'EC2 Instance Terminate Unsuccessful',
      ],
      detail: { AutoScalingGroupName: [{ prefix: stackPrefix }] },
    },
  });
  rule.addTarget(bellTarget(target));
}

// What settles from INSUFFICIENT_DATA to OK, as every new alarm does, is no news.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-complex-example-or
function alarmRule(scope: Construct, target: ReconcileTriggersProps): void {
  const rule = new events.Rule(scope, 'AlarmRule', {
    description: 'An alarm of a site began or ended',
    eventPattern: {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: {
        alarmName: [{ prefix: stackPrefix }],
        $or: [{ state: { value: ['ALARM'] } }, { previousState: { value: ['ALARM'] } }],
      },
    },
  });
  rule.addTarget(bellTarget(target));
}

// Grants the rule, by its ARN, on both queues.
function bellTarget({ bell, undelivered }: Omit<ReconcileTriggersProps, 'bucket'>): targets.SqsQueue {
  return new targets.SqsQueue(bell, { deadLetterQueue: undelivered, maxEventAge: Duration.hours(1) });
}

function schedulerRole(scope: Construct, { bell, undelivered }: ReconcileTriggersProps): iam.Role {
  const stack = Stack.of(scope);
  return new iam.Role(scope, 'SchedulerRole', {
    description: 'Lets EventBridge Scheduler ring the bell of nextcloud-gitops',
    // Against the confused deputy: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnEquals: {
          'aws:SourceArn': stack.formatArn({
            service: 'scheduler',
            resource: 'schedule-group',
            resourceName: 'default',
          }),
        },
      },
    }),
    inlinePolicies: {
      ring: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [bell.queueArn, undelivered.queueArn] }),
        ],
      }),
    },
  });
}

function schedule(
  scope: Construct,
  { bell, undelivered }: ReconcileTriggersProps,
  role: iam.Role,
  { id, kind, minutes, why }: { id: string; kind: 'tick' | 'resync'; minutes: number; why: string },
): void {
  new scheduler.CfnSchedule(scope, id, {
    description: why,
    scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})`,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: bell.queueArn,
      roleArn: role.roleArn,
      input: JSON.stringify({ version: 1, kind }),
      deadLetterConfig: { arn: undelivered.queueArn },
      // The next one says the same: an old one is worth nothing.
      retryPolicy: { maximumEventAgeInSeconds: Math.max(60, minutes * 60), maximumRetryAttempts: 3 },
    },
  });
}
