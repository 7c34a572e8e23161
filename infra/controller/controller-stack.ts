import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { type Bundles, rendererVersion } from './bundles.ts';
import type { ControllerFunction } from './controller-function.ts';
import { ExecutionRole } from './execution-role/execution-role.ts';
import { Notifications } from './notifications.ts';
import { notifyFunction } from './notify-function.ts';
import { bellQueue, deadLetterQueue } from './queues.ts';
import { reconcileFunction, reconcileTimeout } from './reconcile-function.ts';
import { ReconcileTriggers } from './reconcile-triggers.ts';
import { renderFunction } from './render-function.ts';
import { Storage } from './storage.ts';

export interface ControllerStackProps extends StackProps {
  readonly bundles: Bundles;
}

/** The name of the controller's stack; one an account, since its execution role and boundary have fixed names. */
export const controllerStackName = 'nextcloud-gitops';

/** The controller: what watches the documents and moves the sites towards them. Almost nothing of it runs while nothing happens. */
export class ControllerStack extends Stack {
  constructor(scope: Construct, id: string, { bundles, ...props }: ControllerStackProps) {
    super(scope, id, { description: 'GitOps controller for highly available Nextcloud', ...props });
    const { bucket, table } = new Storage(this, 'Storage');
    const deadLetters = deadLetterQueue(this, 'ReconcileDeadLetters');
    const undelivered = deadLetterQueue(this, 'UndeliveredEvents');
    const failures = deadLetterQueue(this, 'NotifyFailures');
    const bell = bellQueue(this, 'ReconcileBell', reconcileTimeout, deadLetters);
    const notifications = new Notifications(this, 'Notifications');
    const executionRole = new ExecutionRole(this, 'ExecutionRole');
    const version = rendererVersion(bundles.render);

    const render = renderFunction(this, { bundle: bundles.render, rendererVersion: version, bucket });
    const reconcile = reconcileFunction(this, {
      bundle: bundles.reconcile,
      rendererVersion: version,
      bucket,
      table,
      bell,
      render: render.function,
      executionRoleArn: executionRole.roleArn,
    });
    const notify = notifyFunction(this, { bundle: bundles.notify, bucket, table, notifications, failures });
    new ReconcileTriggers(this, 'ReconcileTriggers', { bucket, bell, undelivered });
    new Alarms(this, 'Alarms', {
      topic: notifications.topic,
      deadLetters: { ReconcileDeadLetters: deadLetters, UndeliveredEvents: undelivered, NotifyFailures: failures },
      functions: { Render: render.function, Reconcile: reconcile.function, Notify: notify.function },
      streamReader: notify.function,
    });

    this.output('BucketName', bucket.bucketName, 'Documents go to sites/, statuses for people are below status/');
    this.output('TableName', table.tableName, 'The state of the controller');
    this.output('ReconcileQueueUrl', bell.queueUrl, 'The bell: a message asks to look at a site');
    this.output('TopicArn', notifications.topic.topicArn, 'Notifications and alarms: subscribe to it');
    this.output('ExecutionRoleArn', executionRole.roleArn, 'The role that the stacks of the sites work with');
    this.outputFunction('Render', render);
    this.outputFunction('Reconcile', reconcile);
    this.outputFunction('Notify', notify);
  }

  private outputFunction(name: string, { function: fn, logGroup }: ControllerFunction): void {
    this.output(`${name}FunctionName`, fn.functionName, `The ${name.toLowerCase()} function`);
    this.output(`${name}LogGroupName`, logGroup.logGroupName, `The log of the ${name.toLowerCase()} function`);
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
