import { describe, expect, test } from 'vitest';
import { plain, resource } from './template.ts';

describe('the bucket', () => {
  const bucket = () => resource('Storage', 'AWS::S3::Bucket');

  test('keeps every version, outlives the stack, is private and encrypted', () => {
    expect(bucket()).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      },
    });
  });

  test('sends its events to EventBridge by its own property', () => {
    expect(bucket().Properties['NotificationConfiguration']).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
  });

  test('lets old versions of what is made expire, and never a version of a document', () => {
    const { Rules } = bucket().Properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] };
    const expiring = Rules.filter((rule) => Object.keys(rule).some((key) => key.includes('Expiration')));
    expect(expiring.map(({ Prefix }) => Prefix)).toEqual(['rendered/', 'status/']);
    for (const rule of expiring) expect(rule).not.toHaveProperty('ExpirationInDays');
  });

  test('is read over TLS only', () => {
    const policy = plain(resource('Storage', 'AWS::S3::BucketPolicy').Properties['PolicyDocument']);
    expect(policy).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Action: 's3:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });
});

describe('the table', () => {
  const table = () => resource('Storage', 'AWS::DynamoDB::GlobalTable');

  test('is on demand, recoverable, protected, and outlives the stack', () => {
    expect(table()).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        Replicas: [
          { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
        ],
      },
    });
  });

  test('has the sparse index of what is due, keys only', () => {
    expect(table().Properties).toMatchObject({
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [
            { AttributeName: 'dueKey', KeyType: 'HASH' },
            { AttributeName: 'dueAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
    expect(table().Properties['AttributeDefinitions']).toContainEqual({ AttributeName: 'dueAt', AttributeType: 'N' });
  });
});
