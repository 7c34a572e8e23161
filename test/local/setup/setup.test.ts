import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const project = fileURLToPath(new URL('../../..', import.meta.url));
let clone: string;
let tools: string;

/** A clone as it is before any set-up, and a machine that has only the tools that a case gives it. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'clone-'));
  tools = join(clone, 'tools');
  mkdirSync(tools);
  for (const file of ['package.json', 'package-lock.json', '.npmrc', 'local/setup.mjs', 'local/requirements.txt']) {
    cpSync(join(project, file), join(clone, file), { recursive: true });
  }
});
afterEach(() => {
  rmSync(clone, { recursive: true, force: true });
});

function tool(path: string, script: string): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), `#!/bin/sh\n${script}\n`);
  chmodSync(join(clone, path), 0o755);
}

const npmWorks = '/bin/mkdir -p node_modules && echo "added 2 packages"';
/** A Python of a version, with what it says to anything else. */
const python = (version: string, otherwise: string) =>
  `case "$2" in *sys.version_info*) echo ${version};; *) ${otherwise};; esac`;
/** Makes the virtual environment, whose pip then says and ends as told. */
const venvWithPip = (says: string, code: number) => {
  tool('pip-stub', `case "$*" in *install*) echo "${says}"; exit ${code};; *version_info*) echo 3.12.1;; esac`);
  return `case "$*" in *"-m venv"*) /bin/mkdir -p .venv/bin && /bin/cp pip-stub .venv/bin/python;; esac`;
};

function setUp(...args: string[]) {
  const result = spawnSync(process.execPath, ['local/setup.mjs', ...args], {
    cwd: clone,
    env: { PATH: tools, HOME: clone },
    encoding: 'utf8',
  });
  return { code: result.status, out: result.stdout, said: result.stderr };
}

function works(): void {
  tool('tools/npm', npmWorks);
  tool('tools/python3', python('3.12.1', venvWithPip('Collecting ministack==1.5.33', 0)));
}

describe('says what is missing and how to get it', () => {
  test('npm', () => {
    expect(setUp()).toMatchObject({
      code: 2,
      said: expect.stringContaining('npm is missing: install Node.js with npm'),
    });
  });

  test('the network, for npm', () => {
    tool('tools/npm', 'echo "npm error code ENOTFOUND"; exit 1');
    const { code, said } = setUp();
    expect(code).toBe(2);
    expect(said).toContain('npm error code ENOTFOUND');
    expect(said).toContain('There is no network');
  });

  test('Python, none and too old', () => {
    tool('tools/npm', npmWorks);
    expect(setUp()).toMatchObject({ code: 2, said: expect.stringContaining('No Python was found') });
    tool('tools/python3', python('3.9.2', 'exit 1'));
    expect(setUp()).toMatchObject({ code: 2, said: expect.stringContaining('python3 is Python 3.9.2: too old.') });
  });

  test('virtual environments, which Debian packs apart', () => {
    tool('tools/npm', npmWorks);
    tool('tools/python3', python('3.11.2', 'exit 1'));
    expect(setUp()).toMatchObject({ code: 2, said: expect.stringContaining("'apt install python3.11-venv'") });
  });

  test.each([
    ['a compiler', "error: command 'x86_64-linux-gnu-gcc' failed", 'there is no compiler to build it'],
    ['the network, for pip', 'NewConnectionError: failed to establish a new connection', 'There is no network'],
    [
      'a package that was changed',
      'THESE PACKAGES DO NOT MATCH THE HASHES',
      'it was changed on the way. Do not use it.',
    ],
  ])('%s', (_what, says, answer) => {
    tool('tools/npm', npmWorks);
    tool('tools/python3', python('3.12.1', venvWithPip(says, 1)));
    const { code, said } = setUp();
    expect(code).toBe(2);
    expect(said).toContain(says);
    expect(said).toContain(answer);
  });
});

test('a newer Python is taken when the first is too old', () => {
  works();
  tool('tools/python3.13', python('3.13.0', venvWithPip('Collecting ministack==1.5.33', 0)));
  tool('tools/python3', python('3.8.1', 'exit 1'));
  expect(setUp()).toMatchObject({ code: 0, said: expect.stringContaining('with Python 3.13.0 (python3.13)') });
});

test('shows its progress, does nothing the second time, and again what the lock files changed', () => {
  works();
  const first = setUp();
  expect(first.code).toBe(0);
  expect(first.out).toBe('');
  expect(first.said).toContain('Set-up 1/2: packages for Node.js ...');
  expect(first.said).toContain('ministack==1.5.33');
  expect(first.said).toContain('Set-up 2/2: packages for Python, done');
  expect(setUp()).toEqual({ code: 0, out: '', said: '' });
  writeFileSync(join(clone, 'local/requirements.txt'), '# changed\n');
  expect(setUp().said).toContain('Set-up 1/1: packages for Python');
});

test('a set-up that failed is not taken for done', () => {
  works();
  tool('tools/python3', python('3.12.1', venvWithPip('no', 1)));
  expect(setUp().code).toBe(2);
  works();
  rmSync(join(clone, '.venv'), { recursive: true });
  expect(setUp()).toMatchObject({ code: 0, said: expect.stringContaining('packages for Python, done') });
  expect(existsSync(join(clone, '.local', 'setup.lock'))).toBe(false);
});

describe('the command that it runs', () => {
  beforeEach(() => {
    works();
    setUp();
  });

  test("has the project's tools first, its arguments as given, and standard output to itself", () => {
    tool('node_modules/.bin/show', 'printf "%s|" "$@"; exit 3');
    tool('tools/show', 'echo wrong');
    expect(setUp('--', 'show', '--json', 'two words', '')).toEqual({ code: 3, out: '--json|two words||', said: '' });
  });

  test('gets the signals, and its end by one is passed on', async () => {
    tool('node_modules/.bin/wait', "trap 'echo ended; exit 5' TERM; echo ready; while :; do /bin/sleep 0.05; done");
    const child = spawn(process.execPath, ['local/setup.mjs', '--', 'wait'], { cwd: clone, env: { PATH: tools } });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([5, null]);
    tool('node_modules/.bin/die', 'kill -KILL $$');
    expect(setUp('--', 'die').code).toBe(137);
  });

  test('that does not exist is named', () => {
    expect(setUp('--', 'nothing')).toMatchObject({ code: 127, said: expect.stringContaining("Cannot run 'nothing'") });
  });
});
