import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Writes `node-files.json`: the files of `files/` as a node gets them. The renderer runs as a bundle, which can carry a module and no folder, and
 * user data has 16 kB: so what only people read is left out. Run it after a change: `node instance/pack-files.ts`; a test fails when it is stale.
 */
const folder = new URL('./files/', import.meta.url);
const packed = new URL('./node-files.json', import.meta.url);

/** The text of `node-files.json` as it should be. */
export function packFiles(): string {
  const texts = readdirSync(folder)
    .sort()
    .map((name) => [name, withoutComments(name, readFileSync(new URL(name, folder), 'utf8'))]);
  return `${JSON.stringify(Object.fromEntries(texts), undefined, 2)}\n`;
}

/** Without lines that hold a comment or nothing; without indentation where it means nothing. */
function withoutComments(name: string, text: string): string {
  const indented = /\.(py|sh)$/.test(name);
  const lines = text.split('\n').filter((line) => !/^\s*($|#(?!!)|;|\/\/)/.test(line));
  return `${lines.map((line) => (indented ? line : line.trimStart())).join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(packed, packFiles());
