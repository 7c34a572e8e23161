import { Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ControllerFunction } from './controller-function.ts';
import { metricsNamespace } from './metrics.ts';
import { type ReconcileResources, reconcileGrants } from './reconcile-permissions.ts';

export interface ReconcileFunctionProps extends ReconcileResources {
  readonly bundle: string;
  readonly rendererVersion: string;
}

/** One look at a site may take this long; its lease is longer, and the bell's visibility six times this. */
export const reconcileTimeout = Duration.seconds(60);

/** The reconciler, and the event source by which it hears its bell. */
export function reconcileFunction(scope: Construct, props: ReconcileFunctionProps): ControllerFunction {
  const reconcile = new ControllerFunction(scope, 'Reconcile', {
    description: 'Moves the stacks and groups of a site towards its document, one step a look',
    bundle: props.bundle,
    memoryMb: 512,
    timeout: reconcileTimeout,
    environment: {
      BUCKET_NAME: props.bucket.bucketName,
      TABLE_NAME: props.table.tableName,
      RECONCILE_QUEUE_URL: props.bell.queueUrl,
      RENDER_FUNCTION_NAME: props.render.functionName,
      EXECUTION_ROLE_ARN: props.executionRoleArn,
      RENDERER_VERSION: props.rendererVersion,
      POWERTOOLS_SERVICE_NAME: 'reconcile',
      POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
    },
    grants: reconcileGrants(Stack.of(scope), props),
    // It rings its own bell to look again in less than a minute. Lambda stops such a loop after about 16 rounds, as it cannot know that the
    // lease's generation and the row's dueAt bound it: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    recursiveLoop: lambda.RecursiveLoop.ALLOW,
  });
  new lambda.EventSourceMapping(reconcile, 'Bell', {
    target: reconcile.function,
    eventSourceArn: props.bell.queueArn,
    batchSize: 10,
    reportBatchItemFailures: true,
    // CloudFormation's API rates are an account's, unpublished and low: more looks at once only throttle one another.
    maxConcurrency: 5,
  });
  return reconcile;
}
