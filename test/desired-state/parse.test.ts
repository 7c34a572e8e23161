import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath } from '../../desired-state/issue.ts';
import { parseSite } from '../../desired-state/parse.ts';
import { maxDocumentBytes } from '../../desired-state/text.ts';
import { maxDepth } from '../../desired-state/tokens.ts';
import { readTree } from '../../desired-state/tree.ts';
import { buildValue } from '../../desired-state/value.ts';
import { bytesOf, changed, issuesOf, siteOf, textAt } from './documents.ts';

const good = changed({});

describe('the text', () => {
  it.each([
    ['nothing', '', 1, 1, 'expected a value'],
    ['blanks', ' \n\n', 3, 1, 'expected a value'],
    ['a brace that is never closed', '{\n  "a": 1', 1, 1, 'this { is never closed'],
    ['a bracket closed by a brace', '{"a": [1}', 1, 9, 'unexpected }: expected ]'],
    ['a brace too many', '{}}', 1, 3, 'unexpected }: nothing is open'],
    ['two documents', '{}\n{}', 2, 1, 'only one value'],
    ['a key without quotes', '{a: 1}', 1, 2, 'double quotes'],
    ['a text in single quotes', "{'a': 1}", 1, 2, 'double quotes'],
    ['no colon', '{"a" 1}', 1, 6, 'colon'],
    ['no comma', '{"a": 1\n "b": 2}', 2, 2, 'comma before'],
    ['no value', '{"a": }', 1, 7, 'expected a value'],
    ['a text over the end of a line', '{"a": "x\ny"}', 1, 7, 'never closed'],
    ['a tabulator in a text', '{"a": "x\ty"}', 1, 7, 'control characters'],
    ['an escape that is none', '{"a": "\\x"}', 1, 7, 'escape'],
    ['half an escape', '{"a": "\\u12"}', 1, 7, 'four hexadecimal digits'],
    ['a leading zero', '{"a": 01}', 1, 8, 'comma before'],
    ['a number that ends early', '{"a": 1.}', 1, 7, 'not finished'],
    ['a comment that never ends', '{} /*', 1, 4, 'never closed'],
    ['NaN', '{"a": NaN}', 1, 7, 'not JSON'],
  ])('%s', (_, text, line, column, message) => {
    const [first] = issuesOf(text);
    expect(first).toMatchObject({ path: '$', line, column });
    expect(first?.message).toContain(message);
  });

  it.each([
    ['a comment to the end of the line', good.replace('{', '{ // why\n'), 1, 3, 'comments are not allowed'],
    ['a comment in the middle', good.replace('"region"', '/* why */ "region"'), 5, 3, 'comments are not allowed'],
    ['a trailing comma', good.replace(/\n}$/, ',\n}'), good.split('\n').length - 1, 4, 'trailing comma'],
    ['a byte order mark', `\ufeff${good}`, 1, 1, 'byte order mark'],
  ])('%s leaves no doubt about the rest', (_, text, line, column, message) => {
    const issues = issuesOf(text);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ path: '$', line, column });
    expect(issues[0]?.message).toContain(message);
    const worse = issuesOf(text.replace('"eu-west-3"', '3'));
    expect(worse.map(({ path }) => path)).toContain('region');
    expect(worse.map(({ message: one }) => one).join()).toContain(message);
  });

  it('that is no UTF-8 is refused where it stops being it', () => {
    const bytes = bytesOf(good);
    const at = good.indexOf('eu-west-3');
    bytes[at] = 0xff;
    const [issue, ...more] = parseSite(bytes).kind === 'issues' ? issuesOfBytes(bytes) : [];
    expect(more).toEqual([]);
    expect(issue).toMatchObject({ path: '$', line: 5, column: 14 });
    expect(issue?.message).toContain('unexpected byte 0xff');
  });

  it('counts columns in UTF-16 code units behind characters of several bytes', () => {
    const bytes = Uint8Array.from([...bytesOf('{\n "é😀'), 0xc3, 0x28]);
    expect(issuesOfBytes(bytes)[0]).toMatchObject({ line: 2, column: 6 });
  });

  it.each(['\n', '\r\n', '\r'])('counts lines that end in %j', (ending) => {
    const text = changed({ region: 3 }).replaceAll('\n', ending);
    expect(issuesOf(text)[0]).toMatchObject({ path: 'region', line: 5, column: 13 });
  });

  it('of more than 256 kB is not read', () => {
    const spaces = (count: number) => good.replace('{', `{${' '.repeat(count)}`);
    const most = maxDocumentBytes - bytesOf(good).byteLength;
    expect(issuesOf(spaces(most))).toEqual([]);
    expect(issuesOf(spaces(most + 1))).toEqual([
      { path: '$', line: 1, column: 1, message: 'the document is larger than 256 kB (262144 bytes): it was not read' },
    ]);
  });

  it('may be nested 32 deep, and no deeper', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(issuesOf(nested(maxDepth))[0]?.message).toContain('must be an object, not a list');
    expect(issuesOf(nested(maxDepth + 1))).toEqual([
      { path: '$', line: 1, column: maxDepth + 1, message: 'nested deeper than 32 levels' },
    ]);
  });
});

describe('keys and values', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s wherever it stands', (key) => {
    for (const place of ['"region": "eu-west-3",', '"cidr": "10.20.0.0/16",']) {
      const text = good.replace(place, `${place} ${JSON.stringify(key)}: { "polluted": true },`);
      const issues = issuesOf(text);
      expect(issues.map(({ message }) => message)).toEqual([`the key "${key}" is not allowed`]);
      expect(textAt(text, issues[0] ?? never(), key.length + 2)).toBe(JSON.stringify(key));
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuses a key that stands twice, however it is escaped, and takes the first', () => {
    const text = good.replace('"region": "eu-west-3"', '"region": "eu-west-3",\n  "re\\u0067ion": 7');
    expect(issuesOf(text)).toEqual([
      { path: 'region', line: 6, column: 3, message: 'the key "region" stands here twice' },
    ]);
  });

  it('refuses half of a surrogate pair, U+0000 and infinity', () => {
    const texts = [changed({ 'dns.host': '?' }).replace('"?"', '"\\ud800"'), changed({ 'dns.host': 'a\0b' })];
    expect(texts.map((text) => issuesOf(text).map(({ message }) => message))).toEqual([
      [expect.stringContaining('half of a surrogate pair'), expect.stringContaining('must be a domain name')],
      [expect.stringContaining('U+0000'), expect.stringContaining('must be a domain name')],
    ]);
    const huge = issuesOf(good.replace('"max": 6', '"max": 1e999'));
    expect(huge.map(({ path, message }) => `${path}: ${message}`)).toContain('scaling.max: this number is too large');
  });

  it('names every unknown key of every object, with what was meant', () => {
    const text = changed({
      regon: 1,
      'database.clas': 2,
      'database.storageGiB': 3,
      'access.bastion.keyname': 'x',
      zzzzz: 0,
    });
    expect(issuesOf(text).map(({ path, message }) => [path, /did you mean "(\w+)"/.exec(message)?.[1]])).toEqual([
      ['database.clas', undefined],
      ['database.storageGiB', 'storageGib'],
      ['access.bastion.keyname', 'keyName'],
      ['regon', 'region'],
      ['zzzzz', undefined],
    ]);
  });

  it.each([
    ['network', [], 'must be an object, not a list'],
    ['database', [], 'must be an object, not a list'],
    ['database.parameters', ['x'], 'must be an object, not a list'],
    ['nextcloud.config', [], 'must be an object, not a list'],
    ['scaling', 7, 'must be an object, not 7'],
    ['scaling.max', '6', 'must be a number, not "6"'],
    ['scaling.max', 6.5, 'must be a whole number from 1 to 100'],
    ['scaling.max', null, 'must be a number, not null'],
    ['suspend', 'yes', 'must be true or false, not "yes"'],
    ['network.availabilityZones', ['eu-west-3a', 'eu-west-3b'], 'must have exactly three entries'],
    [
      'network.availabilityZones',
      ['eu-west-3a', 'eu-west-3b', 'eu-west-3c', 'eu-west-3d'],
      'must have exactly three entries',
    ],
    ['network.nat', 'none', 'must be one of "zone", "single", not "none"'],
    ['monitoring.logDays', 31, 'must be one of 1, 3, 5'],
    ['schemaVersion', 2, 'must be 1, not 2'],
    ['compute.image', '/a/../../etc passwd', 'must be an AMI id'],
    ['maintenance.windows', {}, 'must be a list, not an object'],
  ])('%s = %j', (path, value, message) => {
    const text = changed({ [path]: value });
    const [issue, ...more] = issuesOf(text);
    expect(more).toEqual([]);
    expect(issue?.path).toBe(path);
    expect(issue?.message).toContain(message);
    const first = JSON.stringify(value, null, 2).split('\n')[0] ?? '';
    expect(textAt(text, issue ?? never(), first.length)).toBe(first);
  });

  it('says what is missing at the object that misses it', () => {
    const text = changed({ 'scaling.max': undefined, nextcloud: undefined });
    expect(issuesOf(text)).toMatchObject([
      { path: 'nextcloud', line: 1, column: 1, message: '"nextcloud" is missing here' },
      { path: 'scaling.max', message: '"max" is missing here' },
    ]);
  });

  it('does not repeat a value that is no secret but may be one', () => {
    const text = changed({
      'nextcloud.config.mail_smtppassword': 'hunter2hunter2',
      'database.password': 'hunter2hunter2',
    });
    expect(issuesOf(text).map(({ path }) => path)).toEqual(['database.password', 'nextcloud.config.mail_smtppassword']);
    expect(JSON.stringify(issuesOf(text))).not.toContain('hunter2');
  });

  it('lists 100 issues and the number of the others', () => {
    const text = `{${Array.from({ length: 500 }, (_, i) => `"key${i}": ${i}`).join()}}`;
    const issues = issuesOf(text);
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)?.message).toBe('and 408 more issues');
  });
});

describe('every mistake is told at once', () => {
  it('of the text, the schema and the fields with each other', () => {
    const text = changed({
      'scaling.max': 60,
      'network.cidr': '10.20.0.0/33',
      'access.bastion.allowedCidrs': ['0.0.0.0/0'],
      'storage.lifecycleDays': 31,
    }).replace('"schemaVersion"', '// the first\n  "schemaVersion"');
    expect(issuesOf(text).map(({ path }) => path)).toEqual([
      '$',
      'network.cidr',
      'scaling.max',
      'storage.lifecycleDays',
      'access.bastion.allowedCidrs[0]',
    ]);
  });

  it('a check runs although another field of its section is wrong', () => {
    expect(issuesOf(changed({ 'scaling.targetCpuPercent': 'x', 'scaling.min': 9 })).map(({ path }) => path)).toEqual([
      'scaling.min',
      'scaling.targetCpuPercent',
    ]);
  });
});

describe('paths', () => {
  it.each([
    [[], '$'],
    [['network', 'availabilityZones', 2], 'network.availabilityZones[2]'],
    [['nextcloud', 'config', 'a.b'], 'nextcloud.config["a.b"]'],
    [['a b', 0, 'c'], '["a b"][0].c'],
    [[''], '[""]'],
    [['x'.repeat(70)], `["${'x'.repeat(64)}…"]`],
  ])('%j is %s', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

/** Values that JSON can say, without what is refused on purpose. */
const plainJson = fc.json({ maxDepth: 6 }).filter((text) => !/__proto__|constructor|prototype|\\u0000|\\ud/.test(text));

describe('properties', () => {
  it('never throws on any bytes, and points into the text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        holds(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on tokens of JSON in any order', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '.',
      'e',
      'true',
      'nul',
      '//',
      '/*',
      '*/',
      '\n',
      '\\',
      '\ufeff',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
        holds(bytesOf(tokens.join('')));
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws on a good document with a part cut out, doubled or replaced', () => {
    const place = fc.nat({ max: good.length });
    const put = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('{}', '[]', 'null', '-1', '"x"', ',', '\u2028', '1e9'),
    );
    fc.assert(
      fc.property(place, fc.nat({ max: 40 }), put, (at, length, text) => {
        holds(bytesOf(`${good.slice(0, at)}${text}${good.slice(at + length)}`));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on a good document with one field replaced by any value, and checks each for itself', () => {
    const fields = Object.entries(siteOf(good)).flatMap(([key, value]) =>
      typeof value === 'object' && !Array.isArray(value)
        ? [key, ...Object.keys(value).map((inner) => `${key}.${inner}`)]
        : [key],
    );
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        holds(bytesOf(changed({ [path]: value })), siteOf(good));
      }),
      { numRuns: 500 },
    );
  });

  it('takes for JSON exactly what JSON.parse does, and gives the same value', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          plainJson,
          fc.string(),
          plainJson.map((text) => `${text},`),
        ),
        (text) => {
          const { root, faults } = readTree(text);
          const ours = root === undefined || faults.length > 0 ? undefined : buildValue(root);
          if (ours !== undefined && ours.faults.length > 0) return;
          expect(ours?.value).toEqual(parsedOrUndefined(text));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('gives the same site for its own normalised document', () => {
    const site = siteOf(good);
    expect(siteOf(JSON.stringify(site))).toEqual(site);
  });
});

describe('hostile documents end soon, in an issue', () => {
  const most = maxDocumentBytes;
  it.each([
    ['brackets', '['.repeat(most)],
    ['brackets of both kinds', '[{"a":'.repeat(40_000)],
    ['brackets that never match', '[},'.repeat(80_000)],
    ['comments', '/**/'.repeat(60_000)],
    ['different unknown keys', `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join()}}`],
    ['one key again and again', `{${'"k":1,'.repeat(40_000)}"k":1}`],
    ['a long key', `{"${'k'.repeat(250_000)}":1}`],
    ['unknown keys below a long key', `{"${'k'.repeat(100_000)}":{${'"a":1,'.repeat(20_000)}"b":1}}`],
    ['a long number', '1'.repeat(most)],
    ['a long text', `{"name":"${'\\u0061'.repeat(40_000)}"}`],
    ['a list of zones', `{"network":{"availabilityZones":[${'"eu-west-3a",'.repeat(15_000)}"x"]}}`],
    [
      'a list of blocks',
      changed({ 'access.bastion.allowedCidrs': Array.from({ length: 9000 }, () => '203.0.113.7/32') }),
    ],
    ['lines', '\n'.repeat(most)],
    ['quotes', '"'.repeat(most)],
    ['text for the name of the host', changed({ 'dns.host': 'a-'.repeat(100_000) })],
    ['text for a cron expression', changed({ 'backups.schedule': `cron(${'1,'.repeat(100_000)})` })],
  ])('%s', (_, text) => {
    const issues = issuesOf(text);
    expect(issues.length).toBeGreaterThan(0);
    expect(issues.length).toBeLessThanOrEqual(101);
    expect(JSON.stringify(issues).length).toBeLessThan(100_000);
  });
});

function issuesOfBytes(bytes: Uint8Array) {
  const result = parseSite(bytes);
  return result.kind === 'issues' ? result.issues : [];
}

/** A site, or issues that point into the text. */
function holds(bytes: Uint8Array, lastApplied?: ReturnType<typeof siteOf>): void {
  const result = parseSite(bytes, {
    fileName: 'sites/production.json',
    ...(lastApplied === undefined ? {} : { lastApplied }),
  });
  if (result.kind === 'site') return;
  expect(result.issues.length).toBeGreaterThan(0);
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split(/\r\n|\n|\r/);
  for (const { line, column, message } of result.issues) {
    expect(message).not.toBe('');
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
  }
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function never(): never {
  throw new Error('there is no issue');
}
