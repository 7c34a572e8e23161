import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { type Site, siteSchema } from '../../../desired-state/site.ts';
import { canonicalJson } from '../../../infra/site/canonical-json.ts';
import { render } from '../../../infra/site/render.ts';
import { documentOf } from '../../desired-state/documents.ts';
import { rendered, rendererVersion, siteWith, template } from './template.ts';

/** Changes that keep a document valid for the schema, one part at a time or many at once. */
const changes = fc.record(
  {
    name: fc.stringMatching(/^[a-z][a-z0-9]{1,18}$/),
    'network.nat': fc.constantFrom('zone', 'single'),
    'network.ssmEndpoints': fc.boolean(),
    'network.flowLogDays': fc.constantFrom(1, 30, 365, 3653),
    'compute.image': fc.constantFrom('ami-0123456789abcdef0', '/nextcloud-gitops/images/nextcloud'),
    'compute.phpFpmChildren': fc.integer({ min: 1, max: 200 }),
    'compute.rootVolumeGib': fc.integer({ min: 20, max: 1000 }),
    'database.multiAz': fc.boolean(),
    'database.parameters': fc.constantFrom({}, { long_query_time: '1', innodb_lock_wait_timeout: '120' }),
    'storage.throughputMode': fc.constantFrom('elastic', 'bursting'),
    'storage.lifecycleDays': fc.constantFrom(0, 1, 7, 30, 365),
    'cache.nodes': fc.integer({ min: 1, max: 6 }),
    'access.bastion': fc.constantFrom(
      { enabled: false },
      { enabled: true, allowedCidrs: ['198.51.100.7/32', '203.0.113.0/24'], keyName: 'operations' },
    ),
    'dns.hostedZone': fc.constantFrom('create', 'none', 'Z0123456789ABCDEFGHIJ'),
    'dns.certificate': fc.constantFrom(
      'automatic',
      'arn:aws:acm:eu-west-3:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    ),
    'nextcloud.cron.intervalMinutes': fc.integer({ min: 1, max: 60 }),
    'lifecycle.budgets.drainSeconds': fc.integer({ min: 0, max: 3600 }),
    'monitoring.alarmEmail': fc.constantFrom(undefined, 'operations@example.com'),
    'monitoring.logDays': fc.constantFrom(1, 90, 3653),
  },
  { requiredKeys: [] },
);

/** A site that the schema takes; cross-field checks are not asked: rendering must never throw, nor depend on them. */
function siteFrom(changed: Readonly<Record<string, unknown>>): Site {
  const document = documentOf('production');
  for (const [path, value] of Object.entries(changed)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = document;
    for (const key of keys) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return v.parse(siteSchema, document);
}

/** The same value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('rendering', () => {
  test('any site renders, twice to the same bytes, whatever the order of its keys', () => {
    fc.assert(
      fc.property(changes, (changed) => {
        const site = siteFrom(changed);
        const first = render(site, rendererVersion);
        const second = render(reversed(site) as Site, rendererVersion);
        expect(second.layers).toEqual(first.layers);
        expect(second.renderedDigest).toBe(first.renderedDigest);
        for (const { templateBody } of first.layers) {
          expect(canonicalJson(JSON.parse(templateBody))).toBe(templateBody);
          expect(Buffer.byteLength(templateBody)).toBeLessThan(1_000_000);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('the digest tells documents apart, and does not depend on the renderer', () => {
    expect(rendered({ suspend: true }).renderedDigest).not.toBe(rendered().renderedDigest);
    expect(render(siteWith(), 'another').renderedDigest).toBe(rendered().renderedDigest);
  });

  test('leaves nothing behind', () => {
    const own = mkdtempSync(join(tmpdir(), 'render-'));
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = own;
    try {
      rendered();
      expect(tmpdir()).toBe(own);
      expect(readdirSync(own)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      rmSync(own, { recursive: true });
    }
  });

  test('a change of one setting changes one layer', () => {
    const before = rendered().layers;
    const after = rendered({ 'monitoring.logDays': 60 }).layers;
    const changedLayers = before.filter((layer, index) => layer.templateDigest !== after[index]?.templateDigest);
    expect(changedLayers.map(({ layer }) => layer)).toEqual(['web']);
    expect(template('web', { 'monitoring.logDays': 60 })).not.toEqual(template('web'));
  });
});
