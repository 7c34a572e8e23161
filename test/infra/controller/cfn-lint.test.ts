import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { controllerTemplate } from './template.ts';

const cfnLint = fileURLToPath(new URL('../../../.venv/bin/cfn-lint', import.meta.url));

// CDK names a function's role in DependsOn too, which says the same twice.
const ignored = 'W3005';

test('cfn-lint finds nothing in the template', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
  try {
    const file = join(folder, 'controller.template.json');
    writeFileSync(file, JSON.stringify(controllerTemplate()));
    const { status, stdout, stderr } = spawnSync(
      cfnLint,
      ['--ignore-checks', ignored, '--regions', 'eu-west-3', '--template', file],
      {
        encoding: 'utf8',
      },
    );
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
