import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed } from '../desired-state/documents.ts';
import { ncctl } from './run-ncctl.ts';

const threeMistakes = `{
  "$schema": "../site.schema.json",
  "schemaVersion": 1,
  "name": "wrong",
  "region": "eu-west-3",
  "network": { "availabilityZones": ["eu-west-3a", "eu-west-3b", "eu-west-3c"] },
  "compute": { "image": "ami-0123456789abcdef0" },
  "scaling": { "min": 2, "max": 60 },
  "access": { "bastion": { "enabled": true, "allowedCidrs": ["0.0.0.0/0"] } },
\t"dns": { "host": "cloud.example.com", "hostedZone": "create", "hots": 1 },
  "nextcloud": { "version": "35.0.1" }
}
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ncctl-'));
  mkdirSync(join(folder, 'sites'));
  writeFileSync(join(folder, 'sites', 'production.json'), changed({}));
  writeFileSync(join(folder, 'sites', 'staging.json'), changed({}));
  writeFileSync(join(folder, 'wrong.json'), threeMistakes);
  writeFileSync(join(folder, 'hostile.json'), `{"a\u001b[31m\u202e": "${'x'.repeat(5000)}", "\u009b2J": }`);
  writeFileSync(join(folder, 'huge.json'), Buffer.alloc(2_000_000, 0x5b));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => ncctl(['validate', ...args], { cwd: folder });

describe('ncctl validate', () => {
  it('says for each mistake where it is, and shows the place', async () => {
    const { code, out, err } = await run('wrong.json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(
      out,
    ).toBe(`wrong.json:8:33: scaling.max: 60 nodes x (50 PHP-FPM children + 1 cron) + 50 = 3110 connections, but 80 % of the 682 that db.m7g.large accepts are 545: at most 9 nodes fit; lower scaling.max or compute.phpFpmChildren, or choose a larger database.instanceClass
    8 |   "scaling": { "min": 2, "max": 60 },
      |                                 ^
wrong.json:9:62: access.bastion.allowedCidrs[0]: 0.0.0.0/0 is the whole Internet: name the addresses from which people work
    9 |   "access": { "bastion": { "enabled": true, "allowedCidrs": ["0.0.0.0/0"] } },
      |                                                              ^
wrong.json:10:64: dns.hots: unknown key "hots": did you mean "host"?
   10 |  "dns": { "host": "cloud.example.com", "hostedZone": "create", "hots": 1 },
      |                                                                ^
wrong.json: 3 issues
`);
  });

  it('says it for programs, exactly in the agreed form', async () => {
    const { code, out, err } = await run('sites/production.json', 'wrong.json', '--json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const answer = JSON.parse(out) as { issues: object[] }[];
    expect(answer).toMatchObject([
      { file: 'sites/production.json', issues: [] },
      {
        file: 'wrong.json',
        issues: [
          { path: 'scaling.max', line: 8, column: 33 },
          { path: 'access.bastion.allowedCidrs[0]', line: 9, column: 62 },
          { path: 'dns.hots', line: 10, column: 64, message: 'unknown key "hots": did you mean "host"?' },
        ],
      },
    ]);
    expect(answer.map((one) => Object.keys(one))).toEqual([
      ['file', 'issues'],
      ['file', 'issues'],
    ]);
    for (const issue of answer[1]?.issues ?? [])
      expect(Object.keys(issue)).toEqual(['path', 'line', 'column', 'message']);
    expect(out.trim().split('\n')).toHaveLength(1);
  });

  it('ends with 0 when nothing is wrong', async () => {
    expect(await run('sites/production.json')).toEqual({ code: 0, out: 'sites/production.json: no issues\n', err: '' });
    expect(await run('sites/production.json', '--json')).toEqual({
      code: 0,
      out: '[{"file":"sites/production.json","issues":[]}]\n',
      err: '',
    });
  });

  it('holds a file in a folder sites to its name, and a site to the region that is asked for', async () => {
    const answer = await run('sites/staging.json', 'sites/production.json', '--region', 'eu-west-1', '--json');
    expect(JSON.parse(answer.out)).toMatchObject([
      { issues: [{ path: 'name' }, { path: 'region' }] },
      { issues: [{ path: 'region' }] },
    ]);
  });

  it.each([
    ['a missing file', ['nothing.json'], 'cannot read nothing.json: no such file'],
    ['a folder', ['sites'], 'cannot read sites: it is a directory'],
    ['no file', [], 'validate needs at least one file'],
    ['an unknown option', ['--jsno', 'wrong.json'], "Unknown option '--jsno'"],
  ])('ends with 2 for %s', async (_, args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(`ncctl: ${message}`);
  });

  it('checks what it can read beside what it cannot', async () => {
    const { code, out, err } = await run('nothing.json', 'wrong.json', '--json');
    expect(code).toBe(2);
    expect(err).toContain('no such file');
    expect(JSON.parse(out)).toMatchObject([{ file: 'wrong.json', issues: [{}, {}, {}] }]);
  });

  it('does not let a document steer the terminal, and cuts long lines', async () => {
    const { code, out } = await run('hostile.json');
    expect(code).toBe(1);
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(200);
  });

  it('reads of a huge file only as much as shows that it is huge', async () => {
    expect((await run('huge.json')).out).toBe(
      'huge.json:1:1: the document is larger than 256 kB (262144 bytes): it was not read\n' +
        `    1 | ${'['.repeat(100)}…\n      | ^\nhuge.json: 1 issue\n`,
    );
  });

  it('uses colours when they are wanted, and none when they are not', async () => {
    const forced = await ncctl(['validate', 'wrong.json'], { cwd: folder, env: { FORCE_COLOR: '1' } });
    expect(forced.out).toContain('\u001b[');
    const refused = await ncctl(['validate', 'wrong.json'], { cwd: folder, env: { NO_COLOR: '1' } });
    expect(refused.out).not.toContain('\u001b[');
  });

  it('takes paths from where npm was called', async () => {
    const env = { npm_lifecycle_event: 'ncctl', INIT_CWD: folder };
    const { code } = await ncctl(['validate', 'sites/production.json'], { cwd: tmpdir(), env });
    expect(code).toBe(0);
  });
});

describe('ncctl', () => {
  it.each([[['--help']], [['help']], [['status', '--help']], [['validate', '-h']]])('%j explains', async (args) => {
    const { code, out, err } = await ncctl(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^ncctl /);
  });

  it.each([[[]], [['frobnicate']], [['constructor']]])('%j is no command', async (args) => {
    expect((await ncctl(args)).code).toBe(2);
  });
});
