import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundlesIn, rendererVersion } from '../../../infra/controller/bundles.ts';
import { bundlesFolder, controllerApp } from './template.ts';

test('the assembly says nothing of the machine that made it', () => {
  const { directory } = controllerApp().app.synth();
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    const text = readFileSync(join(directory, file), 'utf8');
    for (const trace of [root, userInfo().homedir, `"${hostname()}"`, 'file://'])
      expect(text, file).not.toContain(trace);
  }
  rmSync(join(directory, '..'), { recursive: true });
});

test('a function without code is not deployed: the error names the bundle and the command that makes it', () => {
  const folder = bundlesFolder();
  rmSync(join(folder, 'notify', 'index.mjs'));
  expect(() => bundlesIn(folder)).toThrow(/notify.*index\.mjs is missing.*npm run build/);
  rmSync(folder, { recursive: true });
});

test("the renderer's version changes with its code and with nothing else", () => {
  const [one, same] = [bundlesFolder(), bundlesFolder()];
  expect(rendererVersion(join(one, 'render'))).toBe(rendererVersion(join(same, 'render')));
  expect(rendererVersion(join(one, 'render'))).not.toBe(rendererVersion(join(one, 'reconcile')));
  for (const folder of [one, same]) rmSync(folder, { recursive: true });
});
