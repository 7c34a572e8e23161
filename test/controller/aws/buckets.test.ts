import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketDocuments, readDocument } from '../../../controller/aws/documents.ts';
import { manifestKey, manifestText, readManifest, renderFolder } from '../../../controller/aws/manifest.ts';
import { type Bucket, putOnce, readText } from '../../../controller/aws/objects.ts';
import { storedRenders } from '../../../controller/aws/renders.ts';
import type { RenderedSite } from '../../../desired-state/rendered.ts';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { createVersionedBucket } from './bucket-of-test.ts';
import { localClient } from './local-clients.ts';

let aws: LocalAws;
let bucket: Bucket;

beforeAll(async () => {
  aws = await startLocalAws();
  const client = new S3Client(localClient(aws));
  bucket = { client, bucketName: 'controller' };
  await createVersionedBucket(client, 'controller');
});
afterAll(() => aws.stop());

async function put(key: string, body: string, revision?: string): Promise<string> {
  const command = new PutObjectCommand({
    Bucket: 'controller',
    Key: key,
    Body: body,
    Metadata: revision === undefined ? undefined : { revision },
  });
  return (await bucket.client.send(command)).VersionId ?? '';
}

describe('documents', () => {
  it('says that there is none', async () => {
    expect(await bucketDocuments(bucket).current('nowhere')).toEqual({ kind: 'absent' });
    const version = await put('sites/other.json', '{}');
    expect(await readDocument(bucket, 'nowhere', version)).toEqual({ kind: 'absent' });
  });

  it('reads the current version, and an earlier one by its id', async () => {
    const first = await put('sites/production.json', '{"a":1}');
    const second = await put('sites/production.json', '{"a":22}', 'a1b2c3d4');
    const current = await bucketDocuments(bucket).current('production');
    expect(current).toMatchObject({ kind: 'present', versionId: second, revision: 'a1b2c3d4', sizeBytes: 8 });
    const earlier = await readDocument(bucket, 'production', first);
    expect(earlier).toMatchObject({ kind: 'present', versionId: first, revision: first });
    expect(earlier.kind === 'present' && Buffer.from(earlier.bytes ?? []).toString()).toBe('{"a":1}');
  });

  it('takes for a revision only what a commit looks like', async () => {
    const version = await put('sites/odd.json', '{}', '<script>alert(1)</script>');
    expect(await bucketDocuments(bucket).current('odd')).toMatchObject({ revision: version });
  });

  it('does not read what is larger than the limit', async () => {
    await put('sites/huge.json', 'x'.repeat(300_000));
    const state = await bucketDocuments(bucket).current('huge');
    expect(state).toMatchObject({ kind: 'present', sizeBytes: 300_000 });
    expect(state).not.toHaveProperty('bytes');
  });

  it('lists sites, and apart from them what is no site', async () => {
    await put('sites/Not A Site.json', '{}');
    await put('sites/folder/production.json', '{}');
    const { sites, strangers } = await bucketDocuments(bucket).list();
    expect(sites).toEqual(expect.arrayContaining(['huge', 'odd', 'other', 'production']));
    expect(strangers).toEqual(expect.arrayContaining(['sites/Not A Site.json', 'sites/folder/production.json']));
  });

  it('makes no key of what is no name', async () => {
    await expect(bucketDocuments(bucket).current('../rendered/x')).rejects.toThrow();
  });
});

const rendered = {
  formatVersion: 1,
  rendererVersion: 'r1',
  site: { name: 'production' },
  layers: [
    {
      layer: 'network',
      stackName: 'nextcloud-site-production-network',
      templateBody: '{"Resources":{}}',
      templateDigest: createHash('sha256').update('{"Resources":{}}').digest('hex'),
      parameters: [],
      tags: {},
    },
  ],
  renderedDigest: 'd1',
} as unknown as RenderedSite;

describe('renders', () => {
  const folder = renderFolder('production', 'v1', 'r1');

  function renders() {
    const functions = { send: () => Promise.reject(new Error('not called')) };
    return storedRenders({ bucket, functions, functionName: 'render', rendererVersion: 'r1' });
  }

  it('finds what was stored for the version by this renderer, with keys for bodies', async () => {
    expect(await renders().find('production', 'v1')).toBeUndefined();
    await putOnce(bucket, manifestKey(folder), manifestText(rendered, folder), 'application/json');
    const stored = await renders().find('production', 'v1');
    expect(stored?.layers[0]).toMatchObject({
      layer: 'network',
      templateKey: 'rendered/production/v1.r1/network.template.json',
    });
    expect(stored?.layers[0]).not.toHaveProperty('templateBody');
    expect(await renders().findAt('production', 'v1', 'r0')).toBeUndefined();
  });

  it('is written once: what exists stays', async () => {
    await putOnce(bucket, 'rendered/once', 'first', 'text/plain');
    await putOnce(bucket, 'rendered/once', 'second', 'text/plain');
    expect(await readText(bucket, 'rendered/once')).toBe('first');
  });

  it('refuses a manifest that render did not write', () => {
    const text = manifestText(rendered, folder);
    expect(readManifest(text, folder)).toMatchObject({ renderedDigest: 'd1' });
    expect(() => readManifest(text.replace('production-network', 'production-data'), folder)).toThrow(/digest differs/);
    expect(() => readManifest(text.replace('"formatVersion":1', '"formatVersion":9'), folder)).toThrow(/format 9/);
  });
});
