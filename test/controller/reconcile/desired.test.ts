import { expect, it } from 'vitest';
import { readDesired } from '../../../controller/reconcile/desired.ts';
import { emptyMemory } from '../../../controller/reconcile/memory.ts';
import { FakeBucket } from '../fakes/bucket.ts';
import { documentOf } from '../fakes/documents.ts';

it('knows what time it is: an override ends within seven days', async () => {
  const bucket = new FakeBucket();
  const override = { gates: ['window'], until: '2026-12-02T03:00:00Z', reason: 'an urgent fix of a leak' };
  bucket.put('prod', documentOf('prod', { reconcile: { override } }));
  const document = await bucket.current('prod');
  const ports = { documents: bucket, renders: bucket };
  const readAt = (time: string) =>
    readDesired('prod', document, emptyMemory, { region: 'eu-west-3', now: Date.parse(time) }, ports);
  expect(await readAt('2026-11-25T03:00:00Z')).toMatchObject({ kind: 'declared' });
  expect(await readAt('2026-11-25T02:59:00Z')).toMatchObject({
    kind: 'invalid',
    issues: [{ path: 'reconcile.override.until' }],
  });
});
