import { CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** Prefixes of the bucket: what people and git-sync put, what render makes, what people read. */
export const bucketPrefixes = { sites: 'sites/', rendered: 'rendered/', status: 'status/' } as const;

/** Name of the sparse index over what is due: only rows with `dueKey` and `dueAt` are in it. */
export const dueIndexName = 'due';

/** The controller's state: one versioned bucket and one table. Both outlive the stack. */
export class Storage extends Construct {
  readonly bucket: s3.Bucket;
  readonly table: dynamodb.TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = makeBucket(this);
    this.table = makeTable(this);
  }
}

function makeBucket(scope: Construct): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Bucket', {
    versioned: true,
    enforceSSL: true,
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      { id: 'incomplete-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      // Documents keep every version: they are the history that a site can be brought back from.
      ...[bucketPrefixes.rendered, bucketPrefixes.status].map((prefix) => ({
        id: `noncurrent-${prefix.slice(0, -1)}`,
        prefix,
        noncurrentVersionExpiration: Duration.days(30),
        expiredObjectDeleteMarker: true,
      })),
    ],
  });
  sendEventsToEventBridge(bucket);
  acknowledge(bucket, {
    'AwsSolutions-S1':
      'Server access logs would need a second bucket that grows with every tick. Who wrote a document is in its version, and CloudTrail data events can be turned on where they are wanted.',
  });
  return bucket;
}

// The L2's eventBridgeEnabled brings a custom resource (a Python function with rights on every bucket); the resource's own property does
// the same: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-eventbridgeconfiguration.html
function sendEventsToEventBridge(bucket: s3.Bucket): void {
  const resource = bucket.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) throw new Error('The bucket has no CloudFormation resource of its own.');
  resource.addPropertyOverride('NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', true);
}

function makeTable(scope: Construct): dynamodb.TableV2 {
  return new dynamodb.TableV2(scope, 'Table', {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
    billing: dynamodb.Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expiresAt',
    globalSecondaryIndexes: [
      {
        indexName: dueIndexName,
        partitionKey: { name: 'dueKey', type: dynamodb.AttributeType.STRING },
        sortKey: { name: 'dueAt', type: dynamodb.AttributeType.NUMBER },
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      },
    ],
  });
}
