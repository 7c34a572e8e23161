import { Duration } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ControllerFunction } from './controller-function.ts';
import { listing, onObjects } from './permissions.ts';
import { bucketPrefixes } from './storage.ts';

export interface RenderFunctionProps {
  readonly bundle: string;
  readonly rendererVersion: string;
  readonly bucket: s3.Bucket;
}

/** Document to templates: reads `sites/`, writes `rendered/`, and can do nothing else. */
export function renderFunction(
  scope: Construct,
  { bundle, rendererVersion, bucket }: RenderFunctionProps,
): ControllerFunction {
  return new ControllerFunction(scope, 'Render', {
    description: 'Renders a desired-state document to the templates of its layers',
    bundle,
    // Loading the CDK is what takes the memory.
    memoryMb: 512,
    timeout: Duration.seconds(30),
    environment: { BUCKET_NAME: bucket.bucketName, RENDERER_VERSION: rendererVersion },
    grants: {
      documents: [onObjects(bucket, bucketPrefixes.sites, ['s3:GetObject', 's3:GetObjectVersion']), listing(bucket)],
      rendered: [onObjects(bucket, bucketPrefixes.rendered, ['s3:PutObject'])],
    },
  });
}
