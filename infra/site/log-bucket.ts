import type { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Fn } from 'aws-cdk-lib/core';
import { regionalArn } from './arn.ts';
import type { LayerStack } from './layer-stack.ts';
import { addPrivateBucket } from './private-bucket.ts';

/** Prefix of the load balancer's access logs in their bucket. */
export const accessLogPrefix = 'load-balancer';

/**
 * The bucket of the load balancer's access logs, and the policy that lets the service deliver them: the load balancer must be made after it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function addLogBucket(stack: LayerStack): { readonly bucket: CfnBucket; readonly policy: CfnBucketPolicy } {
  return addPrivateBucket(stack, {
    id: 'LogBucket',
    part: 'logs',
    versioned: false,
    lifecycleRules: [
      { id: 'retention', status: 'Enabled', expirationInDays: stack.site.monitoring.logDays },
      { id: 'unfinished-uploads', status: 'Enabled', abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
    ],
    allow: (bucketArn) => [
      {
        Sid: 'LoadBalancerLogs',
        Effect: 'Allow',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: Fn.join('', [bucketArn, `/${accessLogPrefix}/AWSLogs/`, Fn.ref('AWS::AccountId'), '/*']),
        Condition: {
          ArnLike: {
            'aws:SourceArn': regionalArn('elasticloadbalancing', 'loadbalancer/*'),
          },
        },
      },
    ],
  });
}
