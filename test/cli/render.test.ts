import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { render } from '../../infra/site/render.ts';
import { changed, siteOf } from '../desired-state/documents.ts';
import { ncctl } from './run-ncctl.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ncctl-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const issued = 'arn:aws:acm:eu-west-3:123456789012:certificate/11111111-2222-3333-4444-555555555555';

describe('ncctl render', () => {
  it('writes the template of each layer and prints the digest', async () => {
    const text = changed({});
    writeFileSync(join(folder, 'production.json'), text);
    const { code, out, err } = await ncctl(['render', 'production.json', '--out', 'out/production'], { cwd: folder });
    const expected = render(siteOf(text), 'any');
    expect({ code, out }).toEqual({ code: 0, out: `${expected.renderedDigest}\n` });
    expect(err).toContain('5 templates');
    for (const { layer, templateBody } of expected.layers) {
      const written = readFileSync(join(folder, 'out', 'production', `${layer}.template.json`), 'utf8');
      expect(written.trimEnd()).toBe(templateBody.trimEnd());
    }
  });

  it('leaves no template of a layer that the site no longer has', async () => {
    writeFileSync(join(folder, 'issued.json'), changed({ 'dns.certificate': issued }));
    mkdirSync(join(folder, 'again'));
    for (const name of ['certificate.template.json', 'notes.txt']) writeFileSync(join(folder, 'again', name), '{}');
    expect((await ncctl(['render', 'issued.json', '--out', 'again'], { cwd: folder })).code).toBe(0);
    expect(readdirSync(join(folder, 'again')).toSorted()).toEqual([
      'access.template.json',
      'data.template.json',
      'network.template.json',
      'notes.txt',
      'web.template.json',
    ]);
  });

  it('writes nothing for a document with issues', async () => {
    writeFileSync(join(folder, 'wrong.json'), changed({ 'scaling.max': 60 }));
    const { code, out, err } = await ncctl(['render', 'wrong.json', '--out', 'wrong'], { cwd: folder });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('scaling.max');
    expect(readdirSync(folder)).not.toContain('wrong');
  });

  it('says when it can not write', async () => {
    writeFileSync(join(folder, 'good.json'), changed({}));
    const { code, err } = await ncctl(['render', 'good.json', '--out', 'good.json'], { cwd: folder });
    expect(code).toBe(2);
    expect(err).toContain('cannot write to good.json');
  });
});
