import { readFileSync } from 'node:fs';
import type { Site } from '../../desired-state/site.ts';

// Bundled like the function: parses and renders the document of its argument, cold and then warm, and prints the figures.
const start = performance.now();
const { parseSite } = await import('../../desired-state/parse.ts');
const { render } = await import('../../infra/site/render.ts');

const bytes = readFileSync(process.argv[2] ?? '');
render(parse(), 'bench');
const cold = performance.now() - start;

const warm: number[] = [];
for (let run = 0; run < 10; run += 1) {
  const before = performance.now();
  render(parse(), 'bench');
  warm.push(performance.now() - before);
}
const median = warm.toSorted((a, b) => a - b)[5] ?? 0;
process.stdout.write(`${JSON.stringify({ cold, warm: median, rss: process.memoryUsage.rss() / 1_000_000 })}\n`);

function parse(): Site {
  const parsed = parseSite(bytes, {});
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues));
  return parsed.site;
}
