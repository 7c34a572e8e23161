import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rendered } from './template.ts';

/**
 * Keeps what a release renders, for ever: later releases must not destroy what it holds. Run once when a release is
 * made: `node test/infra/site/release-fixtures.ts 0.2.0`. What is there already is never written again.
 */
function writeFixtures(version: string): void {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('say the version of the release, such as 0.2.0');
  const folder = new URL(`./fixtures/release-${version}/`, import.meta.url);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(releaseFixtures())) writeFileSync(new URL(name, folder), text);
}

/** The files of a release, as today's code makes them: the templates of both committed sites, and the table. */
export function releaseFixtures(): Readonly<Record<string, string>> {
  const templates = ['production', 'small'].flatMap((name) =>
    rendered({}, name).layers.map(({ layer, templateBody }) => [`${name}-${layer}.template.json`, templateBody]),
  );
  const table = new URL('../../../infra/site/protected-logical-ids.json', import.meta.url);
  return { ...Object.fromEntries(templates), 'protected-logical-ids.json': readFileSync(table, 'utf8') };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFixtures(process.argv[2] ?? '');
