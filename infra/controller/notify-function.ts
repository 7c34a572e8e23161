import { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ControllerFunction } from './controller-function.ts';
import { metricsNamespace } from './metrics.ts';
import type { Notifications } from './notifications.ts';
import { listing, onNoResource, onObjects } from './permissions.ts';
import { bucketPrefixes } from './storage.ts';

export interface NotifyFunctionProps {
  readonly bundle: string;
  readonly bucket: s3.Bucket;
  readonly table: dynamodb.TableV2;
  readonly notifications: Notifications;
  /** What a batch of the stream that fails for good leaves behind. */
  readonly failures: sqs.Queue;
}

/** A changed status item to a notification, and to the status files for people. */
export function notifyFunction(scope: Construct, props: NotifyFunctionProps): ControllerFunction {
  const { bucket, table, notifications, failures } = props;
  const streamArn = table.tableStreamArn;
  if (streamArn === undefined) throw new Error('The table has no stream for the notify function to read.');
  const notify = new ControllerFunction(scope, 'Notify', {
    description: 'Publishes what changed in the status of a site, and writes the status files for people',
    bundle: props.bundle,
    memoryMb: 256,
    timeout: Duration.seconds(30),
    environment: {
      BUCKET_NAME: bucket.bucketName,
      TABLE_NAME: table.tableName,
      TOPIC_ARN: notifications.topic.topicArn,
      POWERTOOLS_SERVICE_NAME: 'notify',
      POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
    },
    grants: {
      stream: [
        {
          actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
          resources: [streamArn],
        },
        onNoResource(
          ['dynamodb:ListStreams'],
          'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html',
        ),
        { actions: ['sqs:SendMessage'], resources: [failures.queueArn] },
      ],
      state: [
        { actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], resources: [table.tableArn] },
        onObjects(bucket, bucketPrefixes.status, ['s3:GetObject', 's3:PutObject']),
        listing(bucket),
      ],
      topic: [
        { actions: ['sns:Publish'], resources: [notifications.topic.topicArn] },
        { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [notifications.key.keyArn] },
      ],
    },
  });
  new lambda.EventSourceMapping(notify, 'Statuses', {
    target: notify.function,
    eventSourceArn: streamArn,
    startingPosition: lambda.StartingPosition.TRIM_HORIZON,
    batchSize: 10,
    reportBatchItemFailures: true,
    // One poison record must not hold the others of its shard for a day.
    bisectBatchOnError: true,
    retryAttempts: 5,
    maxRecordAge: Duration.hours(1),
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
    filters: [
      lambda.FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: lambda.FilterRule.beginsWith('status#') } } } }),
    ],
  });
  return notify;
}
