import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changed, issuesOf, textAt } from './documents.ts';

/** Every optional text and record beside those of the reference document. */
const full = changed({
  $schema: '../site.schema.json',
  'network.publicSubnets': ['10.20.0.0/24', '10.20.1.0/24', '10.20.2.0/24'],
  'database.parameters': { long_query_time: '1', max_connections: '800' },
  'access.bastion.keyName': 'operations',
  'dns.zoneName': 'example.com',
  'nextcloud.config': { skeleton: 'x', nested: { list: ['a', { deep: 'b' }] } },
  'reconcile.ignore': ['network/BastionSecurityGroup/SecurityGroupIngress'],
  'reconcile.approve': ['a'.repeat(64)],
  'reconcile.override': { gates: ['window'], until: '2026-11-26T12:00:00Z', reason: 'an urgent security update' },
});

/** Offsets of the opening quotes of every text and of every key. */
const texts = [...full.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(({ index, 0: { length } }) => ({ index, length }));

const marks = [
  '{{',
  '{{resolve:secretsmanager:other',
  '{{ resolve:ssm:/x:1}}',
  `\${Token[AWS.Region.4]}`,
  '#{Token[TOKEN.1]}',
];

describe('a reference that something on the way to AWS would replace', () => {
  it('is refused in every text and every key, at its line and column, with the reason', () => {
    expect(texts.length).toBeGreaterThan(120);
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.constantFrom(...marks),
        fc.nat(),
        fc.boolean(),
        (text, mark, at, escaped) => {
          const place = text.index + 1 + (at % (text.length - 1));
          const written = escaped ? mark.replace('{', '\\u007b') : mark;
          const document = `${full.slice(0, place)}${written}${full.slice(place)}`;
          const before = full.slice(0, text.index).split('\n');
          const found = issuesOf(document).filter(({ message }) =>
            /^this text holds (\{\{|[$#]\{Token\[), which/.test(message),
          );
          expect(found).toMatchObject([{ line: before.length, column: (before.at(-1) ?? '').length + 1 }]);
          expect(found.map((issue) => textAt(document, issue, 1))).toEqual(['"']);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    [
      { 'nextcloud.config': { mail_from_address: 'a {{resolve:secretsmanager:other}} b' } },
      'nextcloud.config.mail_from_address',
    ],
    [{ 'nextcloud.config': { preview_max_x: [['{{resolve:ssm:/x:1}}']] } }, 'nextcloud.config.preview_max_x[0][0]'],
    [
      { 'database.parameters': { init_connect: '{{resolve:secretsmanager:other}}' } },
      'database.parameters.init_connect',
    ],
  ])('in %j', (change, path) => {
    const issues = issuesOf(changed(change)).filter(({ path: at }) => at === path);
    expect(issues).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('opens a dynamic reference of CloudFormation') }),
    );
  });

  it('is not every brace', () => {
    expect(issuesOf(changed({ 'nextcloud.config': { share_folder: `/{a} { {b} }} \${x}` } }))).toEqual([]);
  });
});
