import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { siteJsonSchema } from '../../desired-state/json-schema.ts';
import { referencePage } from '../../desired-state/reference-page.ts';
import { changed, documentOf, issuesOf, siteFile, siteOf } from './documents.ts';

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: unknown;
  readonly items?: Node | readonly Node[];
}

const schema = JSON.parse(siteJsonSchema()) as Node;

function* fieldsOf(node: Node, path = ''): Generator<[string, Node]> {
  for (const [key, field] of Object.entries(node.properties ?? {})) {
    const at = path === '' ? key : `${path}.${key}`;
    yield [at, field];
    yield* fieldsOf(field, at);
    if (!Array.isArray(field.items) && field.items !== undefined) yield* fieldsOf(field.items as Node, `${at}[]`);
  }
}

const fields = [...fieldsOf(schema)];
const leaves = fields.filter(([, field]) => field.properties === undefined);

describe('the schema for editors', () => {
  it('is the one of the code: run `npm run schema` when this fails', () => {
    const committed = readFileSync(new URL('../../desired-state/site.schema.json', import.meta.url), 'utf8');
    expect(committed).toBe(siteJsonSchema());
  });

  it('is what the page about the document shows: run `npm run schema` when this fails', () => {
    const page = readFileSync(new URL('../../docs/guide/site-document.md', import.meta.url), 'utf8');
    expect(page).toBe(referencePage(page));
    for (const [path] of leaves) expect(page).toContain(`\`${path.split('.').at(-1)}\``);
  });

  it.each(fields)('%s says what it is', (_, field) => {
    expect(field.description).toMatch(/^[A-Z0-9].*\.$/);
  });

  it.each(leaves.filter(([path]) => path !== '$schema'))(
    '%s says its default and what changing it does',
    (_, field) => {
      expect(field.description).toMatch(/ Changing it: (live|rolling|needs a|never)/);
      if (field.default !== undefined)
        expect(field.description).toContain(`Default: ${JSON.stringify(field.default)}.`);
    },
  );

  it('takes no unknown key in any object', () => {
    const objects = [['$', schema] as const, ...fields.filter(([, field]) => field.properties !== undefined)];
    expect(
      objects.filter(([, { additionalProperties }]) => additionalProperties !== false).map(([path]) => path),
    ).toEqual([]);
  });

  it('has a type for every default that the code has too', () => {
    const text = JSON.stringify({
      schemaVersion: 1,
      name: 'least',
      region: 'eu-west-3',
      network: { availabilityZones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'] },
      compute: { image: 'ami-0123456789abcdef0' },
      scaling: { min: 2, max: 6 },
      dns: { host: 'cloud.example.com', hostedZone: 'create' },
      nextcloud: { version: '35.0.1' },
    });
    const site = siteOf(text);
    const defaults = leaves.filter(([path, { default: value }]) => value !== undefined && !path.includes('[]'));
    expect(defaults.length).toBeGreaterThan(40);
    const given = new Set(['dns.hostedZone']);
    for (const [path, { default: value }] of defaults) {
      if (!given.has(path)) expect([path, valueAt(site, path)]).toEqual([path, value]);
    }
  });
});

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);
}

describe('limits', () => {
  it.each([
    ['lifecycle.heartbeatSeconds', [30, 7200], [29, 7201]],
    ['database.backupDays', [1, 35], [0, 36]],
    ['database.storageGib', [20, 65536], [19, 65537]],
    ['storage.lifecycleDays', [0, 270, 365], [2, 366]],
    ['monitoring.logDays', [1, 400, 3653], [0, 2, 3654]],
    ['network.flowLogDays', [545], [546]],
    ['scaling.targetCpuPercent', [10, 90], [9, 91]],
    ['cache.nodes', [2, 6], [0, 7]],
    ['reconcile.intervalMinutes', [5, 1440], [4, 1441]],
    ['reconcile.approve', [['ab'.repeat(32)]], [['ab'], ['AB'.repeat(32)], ['ab'.repeat(32), 'ab'.repeat(32)]]],
    [
      'reconcile.ignore',
      [['network/BastionSecurityGroup/SecurityGroupIngress']],
      [['stack/X/Y'], ['network/X'], ['../x/y/z']],
    ],
    [
      'compute.image',
      ['ami-0123456789abcdef0', '/nextcloud-gitops/images/a/b', '/aws/service/x'],
      [
        'ami-xyz',
        'ami-0123456789',
        'a/b',
        '',
        '/a/b',
        '/nextcloud-gitops/sites/a/node',
        '/nextcloud-gitops/images/',
        '/aws/services/x',
        '/aws/reference/secretsmanager/x',
      ],
    ],
    [
      'dns.host',
      ['a.io', 'x-1.example.com'],
      ['localhost', 'Cloud.example.com', 'a..b.com', '-a.example.com', 'a.example.com.', '*.example.com', 'a b.com'],
    ],
    ['dns.hostedZone', ['Z0123456789ABC'], ['Create', 'z1', '/hostedzone/Z1']],
    ['database.engineVersion', ['8.4.7'], ['8.0.40', '9.7.1', '8.4', 'mysql8.4']],
    ['database.name', ['next_cloud1'], ['next-cloud', '1x', 'Next', 'mysql', 'information_schema']],
    ['nextcloud.version', ['33.0.0', '36.1.2'], ['32.0.9', '35', '35.0.1.2', 'v35.0.1']],
    ['nextcloud.apps', [['files_pdfviewer']], [['Calendar'], ['../x'], ['a', 'a']]],
    [
      'nextcloud.config',
      [{ loglevel: 2, skeletondirectory: '' }],
      [{ dbhost: 'x' }, { loglevel: 5 }, { trusted_domains: 'x' }, { skeletondirectory: '/etc' }],
    ],
    ['monitoring.alarmEmail', ['a@example.com'], ['a', 'a@b', 'a@example.com, b@example.com']],
    ['database.backupWindow', ['23:45-00:15'], ['23:45-00:14', '2:00-3:00', '24:00-24:30', '03:00-03:00']],
    [
      'database.maintenanceWindow',
      ['sun:23:45-mon:00:15'],
      ['sun:23:45-mon:00:14', 'mon:00:00-tue:00:00', 'Sun:03:00-Sun:04:00'],
    ],
    [
      'backups.schedule',
      ['cron(0 3 * * ? *)', 'cron(30 1 ? * SUN *)', 'cron(0 3 L * ? *)', 'cron(0 */6 * * ? *)'],
      ['0 3 * * *', 'cron(0 3 * * * *)', 'cron(* 3 * * ? *)', 'cron(0 24 * * ? *)', 'rate(1 day)'],
    ],
    ['name', [], ['a', 'a--b', 'a-', '1a', 'a'.repeat(21), 'Aa', 'ä1']],
    ['access.bastion.keyName', ['my key'], ['', ' x', 'clé']],
  ])('%s', (path, good, bad) => {
    for (const value of good)
      expect([value, issuesOf(changed({ [path]: value })).map(({ message }) => message)]).toEqual([value, []]);
    for (const value of bad) {
      const paths = issuesOf(changed({ [path]: value })).map((issue) => issue.path);
      expect([value, paths.some((one) => one.startsWith(path))]).toEqual([value, true]);
    }
  });

  it.each([
    [{ schedule: '0 2 * * sun', durationMinutes: 240, timeZone: 'Europe/Paris' }, true],
    [{ schedule: '*/15 0-6 1,15 jan-mar 1-5', durationMinutes: 15 }, true],
    [{ kind: 'deny', schedule: '0 0 24 12 *', durationMinutes: 1440, timeZone: 'UTC' }, true],
    [{ schedule: '0 2 * *', durationMinutes: 60 }, false],
    [{ schedule: '60 2 * * *', durationMinutes: 60 }, false],
    [{ schedule: '0 2 * * mon-sun', durationMinutes: 60 }, false],
    [{ schedule: '0 2 * * 8', durationMinutes: 60 }, false],
    [{ schedule: '0 2 0 * *', durationMinutes: 60 }, false],
    [{ schedule: '0  2 * * *', durationMinutes: 60 }, false],
    [{ schedule: '0 2 * * *', durationMinutes: 14 }, false],
    [{ schedule: '0 2 * * *', durationMinutes: 60, timeZone: 'Europe/Atlantis' }, false],
    [{ schedule: '0 2 * * *', durationMinutes: 60, timeZone: '+01:00' }, false],
  ])('window %j', (window, good) => {
    const issues = issuesOf(changed({ 'maintenance.windows': [window] }));
    expect(issues.length === 0 ? [] : issues.map(({ path }) => path.replace(/\.\w+$/, ''))).toEqual(
      good ? [] : ['maintenance.windows[0]'],
    );
  });

  it.each([
    [{ until: '2026-12-01T00:00:00Z' }, undefined],
    [{ until: '2026-12-01T01:00:00+01:00' }, undefined],
    [{ until: '2026-12-01' }, 'until'],
    [{ until: '2026-13-01T00:00:00Z' }, 'until'],
    [{ reason: 'because' }, 'reason'],
    [{ gates: [] }, 'gates'],
    [{ gates: ['approval'] }, 'gates[0]'],
    [{ gates: ['window', 'window'] }, 'gates[1]'],
  ])('override %j', (change, wrong) => {
    const override = { gates: ['window'], until: '2026-12-01T00:00:00Z', reason: 'a security update', ...change };
    const issues = issuesOf(changed({ 'reconcile.override': override }));
    expect(issues.map(({ path }) => path)).toEqual(wrong === undefined ? [] : [`reconcile.override.${wrong}`]);
  });
});

describe('the committed sites', () => {
  it.each(['production', 'small'])('%s is good, and an editor finds its schema', (name) => {
    const text = readFileSync(siteFile(name), 'utf8');
    expect(issuesOf(text, { fileName: `desired-state/sites/${name}.json`, region: 'eu-west-3' })).toEqual([]);
    expect(documentOf(name)['$schema']).toBe('../site.schema.json');
  });

  it('production is the reference: two to six nodes in three zones, everything else twice', () => {
    const site = siteOf(readFileSync(siteFile('production'), 'utf8'));
    expect(site).toMatchObject({
      region: 'eu-west-3',
      network: { nat: 'zone' },
      scaling: { min: 2, max: 6 },
      database: { multiAz: true, deletionProtection: true },
      cache: { nodes: 2 },
      access: { bastion: { enabled: true } },
      dns: { host: 'cloud.example.com', certificate: 'automatic' },
    });
  });
});
