import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { collectEvents, type ReceivedEvent } from '../events/received-events.ts';
import { root } from '../iam/assumed-role.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.stop());

test('an event names the version that was written or deleted, and sequencers grow', async () => {
  const s3 = new S3Client({ ...root(aws), forcePathStyle: true });
  const Bucket = 'documents';
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  const arrived = await collectEvents(aws, 'objects', { source: ['aws.s3'] });
  const object = { Bucket, Key: 'sites/a b.json' };
  const first = await s3.send(new PutObjectCommand({ ...object, Body: '{}' }));
  const second = await s3.send(new PutObjectCommand({ ...object, Body: '{"a":1}' }));
  const marker = await s3.send(new DeleteObjectCommand(object));
  const gone = await s3.send(new DeleteObjectCommand({ ...object, VersionId: first.VersionId }));

  const events: ReceivedEvent[] = [];
  const collected = async () => events.push(...(await arrived()));
  await expect.poll(collected, { timeout: 20_000 }).toBe(4);
  const ordered = events.toSorted((a, b) => sequencer(a).localeCompare(sequencer(b)));
  expect(ordered.map((event) => [event['detail-type'], detail(event)])).toMatchObject([
    ['Object Created', { object: { key: object.Key, size: 2, 'version-id': first.VersionId }, reason: 'PutObject' }],
    ['Object Created', { object: { key: object.Key, size: 7, 'version-id': second.VersionId } }],
    ['Object Deleted', { object: { 'version-id': marker.VersionId }, 'deletion-type': 'Delete Marker Created' }],
    ['Object Deleted', { object: { 'version-id': gone.VersionId }, 'deletion-type': 'Permanently Deleted' }],
  ]);
  expect(new Set(events.map(sequencer)).size).toBe(4);
});

type Detail = { readonly object: { readonly sequencer: string } };

function detail(event: ReceivedEvent): Detail {
  return event.detail as unknown as Detail;
}

function sequencer(event: ReceivedEvent): string {
  return detail(event).object.sequencer;
}
