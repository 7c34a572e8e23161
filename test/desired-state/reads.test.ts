import { describe, expect, it } from 'vitest';
import { allChecks } from '../../desired-state/checks/all.ts';
import type { Site } from '../../desired-state/site.ts';
import { changed, siteOf } from './documents.ts';

/** The site, which notes the paths that are read, two levels deep: what a check may need to be sound. */
function recording(site: Site): { readonly site: Site; readonly read: Set<string> } {
  const read = new Set<string>();
  const watch = (value: object, path: string): object =>
    new Proxy(value, {
      get: (target, key, receiver) => {
        const inner: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== 'string') return inner;
        const at = path === '' ? key : `${path}.${key}`;
        const section = path === '' && typeof inner === 'object' && inner !== null && !Array.isArray(inner);
        if (section) return watch(inner, at);
        read.add(at);
        return inner;
      },
    });
  return { site: watch(site, '') as Site, read };
}

const variants = [
  {},
  { 'network.publicSubnets': ['10.20.0.0/24', '10.20.1.0/24', '10.20.2.0/24'], 'scaling.max': 8 },
  { 'dns.certificate': 'arn:aws:acm:eu-west-3:123456789012:certificate/11111111-2222-3333-4444-555555555555' },
  { 'dns.zoneName': 'example.com', 'database.parameters': { max_connections: '900' }, 'database.multiAz': false },
  {
    'reconcile.override': { gates: ['health'], until: '2026-12-01T00:00:00Z', reason: 'a broken zone' },
    'database.storageGib': 200,
    'nextcloud.version': '36.0.0',
  },
].map((change) => siteOf(changed(change)));

describe('a check runs while other fields are broken, so it reads only the fields that it names', () => {
  it.each(allChecks.map((check, index) => [index, check.reads.join(' '), check] as const))('%i: %s', (_, __, check) => {
    for (const variant of variants) {
      for (const lastApplied of variants) {
        const { site, read } = recording(variant);
        check.run(site, { fileName: 'sites/x.json', region: 'eu-west-1', now: 0, lastApplied });
        const unnamed = [...read].filter(
          (path) => !check.reads.some((field) => path === field || path.startsWith(`${field}.`)),
        );
        expect(unnamed).toEqual([]);
      }
    }
  });
});
