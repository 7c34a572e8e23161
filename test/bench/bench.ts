import { parseArgs, styleText } from 'node:util';
import type { Figure, Measure } from './figure.ts';
import { bundles } from './figures/bundles.ts';
import { commits } from './figures/commits.ts';
import { loading } from './figures/loading.ts';
import { planning } from './figures/planning.ts';
import { rendering } from './figures/rendering.ts';

const families: Readonly<Record<string, Measure>> = { bundles, loading, rendering, planning, commits };

const usage = `usage: npm run bench -- [--json] [--only <family>]...
  --only  measure this family: ${Object.keys(families).join(', ')} (default: all)
  --json  progress goes to standard error, standard output is one JSON array`;

/** Prints the design's budgets with what is measured here and now. Local figures: they say nothing of AWS's own speed. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  });
  const names = values.only ?? Object.keys(families);
  const figures: Figure[] = [];
  for (const name of names) {
    const measure = families[name];
    if (!measure) {
      process.stderr.write(`unknown family '${name}'\n${usage}\n`);
      return 2;
    }
    process.stderr.write(`${name}\n`);
    figures.push(...(await measure((line) => process.stderr.write(`  ${line}\n`))));
  }
  process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : table(figures));
  return figures.every((one) => one.ok) ? 0 : 1;
}

function table(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map((one) => one.name.length));
  const rows = figures.map((one) => {
    const mark = one.ok ? styleText('green', 'ok  ') : styleText('red', 'OVER');
    return `${mark}  ${one.name.padEnd(width)}  ${String(one.value).padStart(9)} ${one.unit.padEnd(6)} at most ${one.target}`;
  });
  return `\n${rows.join('\n')}\n\nLocal figures, of this machine and of a local AWS: ratios are what they are good for.\n`;
}

process.exitCode = await main();
