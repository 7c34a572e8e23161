import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bucket, listKeys, readText } from '../../controller/aws/objects.ts';
import { storedRenders } from '../../controller/aws/renders.ts';
import { answerRender, renderDocument } from '../../functions/render/render-document.ts';
import { parseRenderRequest } from '../../functions/render/request.ts';
import { render } from '../../infra/site/render.ts';
import { type LocalAws, startLocalAws } from '../../local/local-aws.ts';
import { createVersionedBucket } from '../controller/aws/bucket-of-test.ts';
import { localClient } from '../controller/aws/local-clients.ts';

const document = new URL('../../desired-state/sites/production.json', import.meta.url);
const now = Date.parse('2026-11-25T03:00:00Z');

let aws: LocalAws;
let bucket: Bucket;
let production: string;

beforeAll(async () => {
  production = await readFile(document, 'utf8');
  aws = await startLocalAws();
  const client = new S3Client(localClient(aws));
  bucket = { client, bucketName: 'controller' };
  await createVersionedBucket(client, 'controller');
});
afterAll(() => aws.stop());

async function commit(body: string): Promise<string> {
  const command = new PutObjectCommand({ Bucket: 'controller', Key: 'sites/production.json', Body: body });
  return (await bucket.client.send(command)).VersionId ?? '';
}

function rendering(versionId: string, site = 'production') {
  return renderDocument({ site, versionId }, { bucket, region: 'eu-west-3', rendererVersion: 'r1', now, render });
}

describe('render', () => {
  it('writes the templates of all layers and a manifest that reconcile reads', async () => {
    const versionId = await commit(production);
    const outcome = await rendering(versionId);
    if (outcome.kind !== 'rendered') throw new Error(JSON.stringify(outcome));
    const functions = { send: () => Promise.reject(new Error('not called')) };
    const renders = storedRenders({ bucket, functions, functionName: 'render', rendererVersion: 'r1' });
    const stored = await renders.find('production', versionId);
    expect(stored?.renderedDigest).toBe(outcome.renderedDigest);
    expect(stored?.layers.map(({ layer }) => layer)).toEqual(expect.arrayContaining(['network', 'data', 'web']));
    for (const { templateKey } of stored?.layers ?? []) {
      expect(JSON.parse((await readText(bucket, templateKey)) ?? '')).toHaveProperty('Resources');
    }
  });

  it('gives the same again for the same version, and writes nothing anew', async () => {
    const versionId = await commit(`${production}\n`);
    const first = await rendering(versionId);
    const keys = await listKeys(bucket, 'rendered/');
    expect(await rendering(versionId)).toEqual(first);
    expect(await listKeys(bucket, 'rendered/')).toEqual(keys);
  });

  it('says what is wrong with a document, and writes nothing', async () => {
    const versionId = await commit(production.replace('"schemaVersion": 1', '"schemaVersion": 7'));
    const outcome = await rendering(versionId);
    expect(outcome).toMatchObject({ kind: 'invalid', issues: [{ path: 'schemaVersion' }] });
    expect(await listKeys(bucket, `rendered/production/${versionId}`)).toEqual([]);
  });

  it('knows what time it is: an override ends within seven days', async () => {
    const until = (day: string) => {
      const override = { gates: ['window'], until: `2026-${day}T03:00:00Z`, reason: 'an urgent fix of a leak' };
      const document = JSON.parse(production) as { reconcile?: object };
      return JSON.stringify({ ...document, reconcile: { ...document.reconcile, override } });
    };
    expect(await rendering(await commit(until('12-02')))).toMatchObject({ kind: 'rendered' });
    expect(await rendering(await commit(until('12-03')))).toMatchObject({
      kind: 'invalid',
      issues: [{ path: 'reconcile.override.until' }],
    });
  });

  it.each([
    ['huge', ' '.repeat(300_000)],
    ['no JSON', 'AWSTemplateFormatVersion: 2010-09-09'],
    ['empty', ''],
  ])('takes a document that is %s for an invalid one', async (_, body) => {
    expect(await rendering(await commit(body))).toMatchObject({ kind: 'invalid' });
  });

  it('is superseded when the version is gone', async () => {
    expect(await rendering('AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).toEqual({ kind: 'superseded' });
    expect(await rendering(await commit(production), 'other')).toEqual({ kind: 'superseded' });
  });
});

describe('its request', () => {
  it('is a site and a version', () => {
    const request = { site: 'production', versionId: 'Qe8PYiD.eGvyWZkP.kKQGZ3b7LS8S0xc' };
    expect(parseRenderRequest(request)).toEqual(request);
  });

  it.each([
    undefined,
    'production',
    {},
    { site: '../x', versionId: 'v1' },
    { site: 'production', versionId: '' },
    { site: 'production', versionId: 'v 1' },
    { site: 'production', versionId: 'v1', bucket: 'mine' },
  ])('is refused: %j', (event) => expect(() => parseRenderRequest(event)).toThrow(/takes \{site, versionId\}/));
});

describe('its handler', () => {
  it('does not load without its environment, and names what is missing', async () => {
    await expect(import('../../functions/render/handler.ts')).rejects.toThrow(/lacks .*BUCKET_NAME, RENDERER_VERSION/);
  });

  it('answers that a service sent it away, and throws what is a bug', async () => {
    const client = mockClient(S3Client);
    const request = { site: 'production', versionId: 'v1' };
    const context = { bucket, region: 'eu-west-3', rendererVersion: 'r1', now, render };
    client
      .rejectsOnce(Object.assign(new Error('slow down'), { name: 'SlowDown' }))
      .rejectsOnce(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    expect(await answerRender(request, context)).toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(/SlowDown: slow down/),
    });
    await expect(answerRender(request, context)).rejects.toMatchObject({ name: 'AccessDenied' });
    client.restore();
  });
});
