import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleHandler } from '../../../esbuild.config.mjs';
import { type Figure, figure, type Measure, median } from '../figure.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const document = join(project, 'desired-state', 'sites', 'production.json');

/** Rendering the reference site from a cold start and warm, and the memory that it takes. */
export const rendering: Measure = async (tell) => {
  const folder = await mkdtemp(join(project, 'dist', 'bench-'));
  const results: Run[] = [];
  try {
    const { file } = await bundleHandler('test/bench/render-once.ts', folder);
    for (let run = 0; run < 3; run += 1) results.push(renderOnce(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const middle = (key: 'cold' | 'warm' | 'rss') => median(results.map((result) => result[key]));
  tell(`cold ${middle('cold').toFixed(0)} ms, warm ${middle('warm').toFixed(0)} ms, ${middle('rss').toFixed(0)} MB`);
  const figures: Figure[] = [
    figure('render, cold', middle('cold') / 1000, 's', 3),
    figure('render, warm', middle('warm'), 'ms', 150),
    figure('render, memory', middle('rss'), 'MB', 512),
  ];
  return figures;
};

interface Run {
  readonly cold: number;
  readonly warm: number;
  readonly rss: number;
}

function renderOnce(file: string): Run {
  const result = spawnSync(process.execPath, [file, document], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`rendering failed: ${result.stderr.slice(0, 2000)}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as Run;
}
