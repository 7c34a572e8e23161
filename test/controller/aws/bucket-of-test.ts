import { CreateBucketCommand, PutBucketVersioningCommand, type S3Client } from '@aws-sdk/client-s3';

/** Creates a bucket that keeps every version, as the controller's does. */
export async function createVersionedBucket(client: S3Client, Bucket: string): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-3' } as const;
  await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}
