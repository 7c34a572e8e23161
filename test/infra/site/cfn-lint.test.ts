import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RenderedSite } from '../../../desired-state/rendered.ts';
import { rendered } from './template.ts';

const cfnLint = fileURLToPath(new URL('../../../.venv/bin/cfn-lint', import.meta.url));

/**
 * W3010: zones are the document's: a change of what GetAZs answers must not move a subnet. W2506 wants the type AWS::EC2::Image::Id, which makes
 * CloudFormation look the image up with rights that its caller does not have; a pattern holds the parameter to the form of an id instead.
 */
const ignored = ['W3010', 'W2506'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(files: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(
    cfnLint,
    ['--format', 'parseable', '--regions', 'eu-west-3', '--ignore-checks', ...ignored, '--template', ...files],
    { encoding: 'utf8' },
  );
  return { status, output: `${stdout}${stderr}` };
}

function write(name: string, site: RenderedSite): string[] {
  return site.layers.map(({ layer, templateBody }) => {
    const file = join(folder, `${name}-${layer}.template.json`);
    writeFileSync(file, templateBody);
    return file;
  });
}

test('cfn-lint is there (npm test sets it up)', () => {
  expect(existsSync(cfnLint)).toBe(true);
});

test('cfn-lint finds nothing in any template', () => {
  const everythingElse = rendered({
    'access.bastion': { enabled: false },
    'dns.hostedZone': 'none',
    'dns.certificate': 'arn:aws:acm:eu-west-3:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    'network.ssmEndpoints': true,
    'network.nat': 'single',
  });
  const files = [
    ...write('production', rendered()),
    ...write('small', rendered({}, 'small')),
    ...write('other', everythingElse),
  ];
  expect(lint(files)).toEqual({ status: 0, output: '' });
}, 120_000);

test('cfn-lint would find a mistake', () => {
  const broken = join(folder, 'broken.template.json');
  const [network] = rendered().layers;
  writeFileSync(
    broken,
    (network?.templateBody ?? '').replace('"CidrBlock": "10.20.0.0/20"', '"CidrBlok": "10.20.0.0/20"'),
  );
  expect(lint([broken]).output).toContain('CidrBlok');
}, 120_000);
