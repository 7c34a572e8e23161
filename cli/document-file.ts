import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { maxDocumentBytes } from '../desired-state/text.ts';
import { CannotError } from './exit.ts';

const reasons = new Map([
  ['ENOENT', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOTDIR', 'a part of the path is no directory'],
  ['ELOOP', 'too many symbolic links'],
]);

/** The reason of a failed file operation in words, and for an error that is no such thing the error itself again. */
export function fileReason(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return reasons.get(String(error.code)) ?? String(error.code);
}

/**
 * Where a path of the command line leads: npm runs scripts in the folder of the project, and tells where the person is.
 */
export function userPath(path: string, env: NodeJS.ProcessEnv = process.env): string {
  const from = env['npm_lifecycle_event'] === 'ncctl' ? env['INIT_CWD'] : undefined;
  return resolve(from ?? '.', path);
}

/**
 * Reads a document, of a larger file only as much as shows that it is too large: it may be a pipe that never ends.
 *
 * @throws CannotError when the file can't be read
 */
export async function readDocument(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(userPath(path), 'r');
    const buffer = Buffer.alloc(maxDocumentBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    throw new CannotError(`cannot read ${path}: ${fileReason(error)}`, { cause: error });
  }
}
