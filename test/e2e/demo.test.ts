import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sceneNames } from '../../local/demo/scene.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

interface Played {
  readonly scenes: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

test('every scene of the demo is really observed, and its last line says so', async () => {
  const { code, stdout, stderr } = await run(['local/demo/demo.ts', '--json']);
  const played = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Played;
  expect(
    played.scenes.filter((scene) => !scene.ok).map((scene) => `${scene.name}: ${scene.detail}`),
    stderr,
  ).toEqual([]);
  expect(played.scenes.map((scene) => scene.name)).toEqual(sceneNames);
  expect(code).toBe(0);
});

test('a scene that does not exist is refused with the names of those that do', async () => {
  const { code, stdout, stderr } = await run(['local/demo/demo.ts', '--scene', 'crate']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain("unknown scene 'crate'");
  for (const name of sceneNames) expect(stderr).toContain(name);
});

function run(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(project, 'node_modules', '.bin', 'node'), args, { cwd: project });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}
