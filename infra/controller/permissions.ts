import { Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Grant } from './grants.ts';

/** A grant on all objects below a prefix that ends in a slash. */
export function onObjects(bucket: s3.Bucket, prefix: string, actions: readonly string[]): Grant {
  return {
    actions,
    resources: [bucket.arnForObjects(`${prefix}*`)],
    why: `Everything below ${prefix} of the controller's own bucket: sites come and go, and nothing else lies there.`,
  };
}

/**
 * Listing the bucket, which is the controller's alone. Without it S3 answers 403 for an object that does not exist, and a removed document
 * would look like a fault. It has no `s3:prefix` condition: a read of one object carries no prefix, so that the condition would hide it again.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function listing(bucket: s3.Bucket): Grant {
  return { actions: ['s3:ListBucket'], resources: [bucket.bucketArn] };
}

/** Actions that AWS judges on no resource, by the page that says so. */
export function onNoResource(actions: readonly string[], page: string): Grant {
  return { actions, resources: ['*'], why: `AWS has no resource for it: ${page}` };
}

/** An ARN in the stack's account (unless another is named) and region. */
export function arnOf(scope: Construct, service: string, resource: string, account?: string): string {
  const stack = Stack.of(scope);
  return `arn:${stack.partition}:${service}:${stack.region}:${account ?? stack.account}:${resource}`;
}
