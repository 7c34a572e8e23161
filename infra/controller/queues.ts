import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/**
 * A queue for what could not be handled: kept for as long as SQS keeps anything, so that a person has time to look.
 *
 * SSE-SQS, not a key: EventBridge and Scheduler deliver to it without a grant.
 */
export function deadLetterQueue(scope: Construct, id: string): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'It is where dead letters go; an alarm watches that it is empty.' });
  return queue;
}

/**
 * A function's bell. A message on it says which row to look at, nothing else.
 *
 * @param functionTimeout the visibility is six times this, as AWS asks for an event source:
 *   https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function bellQueue(scope: Construct, id: string, functionTimeout: Duration, deadLetters: sqs.IQueue): sqs.Queue {
  return new sqs.Queue(scope, id, {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
    // A bell that nobody heard for days says nothing that a resync does not say.
    retentionPeriod: Duration.days(4),
    // Throttling by concurrency counts as a receive, so five: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
  });
}
