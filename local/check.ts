// `npm run check`: lints, types, dead code. Every tool runs, then a summary says which one found something.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';

type Check = { readonly name: string; readonly command: readonly string[] };
type Outcome = { readonly check: Check; readonly ok: boolean; readonly output: string; readonly seconds: number };

const checks: readonly Check[] = [
  { name: 'biome (lint, format, imports)', command: ['biome', 'ci', '--colors=off', '--max-diagnostics=50'] },
  { name: 'tsc (types)', command: ['tsc', '--noEmit', '--project', '.'] },
  { name: 'knip (dead code)', command: ['knip', '--no-progress'] },
  { name: 'ruff (Python)', command: ['ruff', 'check', '--quiet', '--output-format=concise', 'local', 'test', 'infra'] },
  { name: 'ruff (Python format)', command: ['ruff', 'format', '--check', 'local', 'test', 'infra'] },
  { name: 'shellcheck (shell)', command: ['shellcheck', ...shellFiles()] },
];

const outcomes = await runAll(checks, 2);
for (const outcome of outcomes.filter((each) => !each.ok)) {
  process.stdout.write(`\n--- ${outcome.check.name}: ${outcome.check.command[0]}\n${outcome.output.trimEnd()}\n`);
}
process.stdout.write('\n');
for (const { check, ok, seconds } of outcomes) {
  const sign = ok ? styleText('green', 'ok    ') : styleText('red', 'FAILED');
  process.stdout.write(`${sign} ${check.name} (${seconds.toFixed(1)} s)\n`);
}
process.exitCode = outcomes.every((each) => each.ok) ? 0 : 1;

/** Tracked and new files that are shell scripts, by name or by their first line. */
function shellFiles(): string[] {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']);
  if (listed.status !== 0) throw new Error(`'git ls-files' failed: ${listed.stderr}`, { cause: listed.error });
  const files = listed.stdout.toString().split('\0').filter(Boolean);
  return files.filter((file) => file.endsWith('.sh') || (!/\.[a-z]+$/.test(file) && startsAsShell(file)));
}

function startsAsShell(file: string): boolean {
  try {
    return /^#!.*\b(ba|da)?sh\b/.test(readFileSync(file, 'utf8').slice(0, 100));
  } catch (error) {
    // Listed by git and deleted since.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function runAll(all: readonly Check[], atOnce: number): Promise<Outcome[]> {
  const waiting = [...all];
  const done: Outcome[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) done.push(await run(next));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return all.flatMap((check) => done.filter((outcome) => outcome.check === check));
}

function run(check: Check): Promise<Outcome> {
  const started = performance.now();
  const [command = '', ...args] = check.command;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (cause) => reject(new Error(`cannot run ${command}: ${cause.message}`, { cause })));
    child.on('close', (code) => {
      const output = Buffer.concat(chunks).toString();
      resolve({ check, ok: code === 0, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}
