import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders with the bundles of the functions, `index.mjs` in each. */
export interface Bundles {
  readonly render: string;
  readonly reconcile: string;
  readonly notify: string;
}

/**
 * The folders below `directory`, each checked to hold a bundle: a function without code must not be deployed.
 *
 * @throws Error that names the missing bundle and the command that makes it
 */
export function bundlesIn(directory: string): Bundles {
  return {
    render: bundle(directory, 'render'),
    reconcile: bundle(directory, 'reconcile'),
    notify: bundle(directory, 'notify'),
  };
}

function bundle(directory: string, name: string): string {
  const folder = join(directory, name);
  if (!existsSync(join(folder, 'index.mjs'))) {
    throw new Error(`${join(folder, 'index.mjs')} is missing: functions/${name} has no bundle. Run 'npm run build'.`);
  }
  return folder;
}

/**
 * A short digest over all files of a bundle: the version of the renderer, which changes with its code and with nothing else.
 *
 * @returns 16 hexadecimal digits
 */
export function rendererVersion(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const bytes = readFileSync(file);
    hash.update(`${file.slice(folder.length)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}
