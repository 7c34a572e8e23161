import { describe, expect, test } from 'vitest';
import type { Site } from '../../../desired-state/site.ts';
import { refuseForeignReferences } from '../../../infra/site/dynamic-references.ts';
import { render } from '../../../infra/site/render.ts';
import { rendered, rendererVersion, siteWith, valuesIn } from './template.ts';

const foreign = '{{resolve:secretsmanager:other:SecretString:password}}';
const site = siteWith();
/** Sites that no parser lets through: the renderer holds by itself. */
const hostile: readonly (readonly [string, Site, RegExp])[] = [
  [
    'a setting of Nextcloud',
    { ...site, nextcloud: { ...site.nextcloud, config: { mail_from_address: `a ${foreign}` } } },
    /^web\.Resources\.\w+/,
  ],
  [
    'a key of the settings',
    { ...site, nextcloud: { ...site.nextcloud, config: Object.fromEntries([[foreign, true]]) } },
    /^web\.Resources\.\w+/,
  ],
  [
    'a parameter of MySQL',
    { ...site, database: { ...site.database, parameters: { init_connect: foreign } } },
    /^data\.Resources\.DatabaseParameterGroup\.Properties\.Parameters\.init_connect:/,
  ],
  [
    'the name of a parameter of MySQL',
    { ...site, database: { ...site.database, parameters: { [foreign]: '1' } } },
    /^data\.Resources\.DatabaseParameterGroup\.Properties\.Parameters, a key:/,
  ],
];

describe('a dynamic reference', () => {
  test.each(hostile)('in %s is not rendered', (_, document, place) => {
    expect(() => render(document, rendererVersion)).toThrow(place);
  });

  test("of the renderer's own is in the data layer only, once a password", () => {
    const found = rendered().layers.flatMap(({ layer, templateBody }) =>
      [...valuesIn(JSON.parse(templateBody))]
        .filter((part) => typeof part === 'string' && part.includes('{{'))
        .map(() => layer),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set(['data']));
  });

  const opening = '{{resolve:secretsmanager:';
  const closing = ':SecretString:password}}';
  test.each([
    ['with a secret that is no resource', { 'Fn::Join': ['', [opening, 'other', closing]] }],
    ['with more around it', { 'Fn::Join': ['', [opening, { Ref: 'Secret' }, closing, 'more']] }],
    ['with another delimiter', { 'Fn::Join': ['x', [opening, { Ref: 'Secret' }, closing]] }],
    ['of another service', { 'Fn::Join': ['', ['{{resolve:ssm-secure:', { Ref: 'Secret' }, closing]] }],
    ['as a key', { [foreign]: 1 }],
    ['in a list', [[foreign]]],
  ])('%s is not its own', (_, value) => {
    expect(() => refuseForeignReferences({ value }, 'layer')).toThrow(/^layer\.value.*: a dynamic reference/);
    expect(() =>
      refuseForeignReferences({ 'Fn::Join': ['', [opening, { Ref: 'Secret' }, closing]] }, 'x'),
    ).not.toThrow();
  });
});
