import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Fn } from 'aws-cdk-lib/core';
import { policyDocument, type Statement } from './iam.ts';
import type { LayerStack } from './layer-stack.ts';
import { retain } from './protection.ts';
import { nameTag } from './tags.ts';

/** What differs between a site's buckets. */
export interface PrivateBucket {
  readonly id: string;
  readonly part: string;
  readonly versioned: boolean;
  readonly lifecycleRules: readonly CfnBucket.RuleProperty[];
  /** Who else may do what with it. */
  readonly allow?: (bucketArn: string) => readonly Statement[];
}

/** A bucket that outlives its stack: encrypted with S3's own keys, closed to the public, and reachable by TLS only. */
export function addPrivateBucket(
  stack: LayerStack,
  spec: PrivateBucket,
): { readonly bucket: CfnBucket; readonly policy: CfnBucketPolicy } {
  const bucket = new CfnBucket(stack, spec.id, {
    // Load balancer logs can be delivered with S3's own keys only.
    bucketEncryption: {
      serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    lifecycleConfiguration: { rules: [...spec.lifecycleRules] },
    ...(spec.versioned ? { versioningConfiguration: { status: 'Enabled' } } : {}),
    tags: nameTag(stack.site, spec.part),
  });
  retain(bucket);
  const policy = new CfnBucketPolicy(stack, `${spec.id}Policy`, {
    bucket: bucket.ref,
    policyDocument: policyDocument(tlsOnly(bucket.attrArn), ...(spec.allow?.(bucket.attrArn) ?? [])),
  });
  retain(policy);
  return { bucket, policy };
}

function tlsOnly(bucketArn: string): Statement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, Fn.join('', [bucketArn, '/*'])],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
