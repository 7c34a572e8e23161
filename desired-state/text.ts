import type { Issue } from './issue.ts';

/** The largest document, in bytes: far above any real one, small enough to be read in one go by every function. */
export const maxDocumentBytes = 256 * 1024;

/** A place in a text, from 1; the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds line and column of offsets in a text; lines end in LF, CRLF or CR. */
export function positionsIn(text: string): (offset: number) => Position {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** What reading the bytes of a document gives. */
export type TextResult =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly issue: Issue };

/** Decodes the bytes of a document: at most 256 kB, UTF-8 only. A byte order mark is kept, so that offsets stay true. */
export function readText(bytes: Uint8Array): TextResult {
  if (bytes.byteLength > maxDocumentBytes) {
    const message = `the document is larger than 256 kB (${maxDocumentBytes} bytes): it was not read`;
    return { kind: 'refused', issue: { path: '$', line: 1, column: 1, message } };
  }
  const text = decode(bytes);
  if (text !== undefined) return { kind: 'text', text };
  const good = validPrefix(bytes);
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, good), { stream: true });
  const byte = (bytes[good] ?? 0).toString(16).padStart(2, '0');
  const message = `the text is not UTF-8: unexpected byte 0x${byte} at offset ${good}; save the file as UTF-8`;
  return { kind: 'refused', issue: { path: '$', ...positionsIn(before)(before.length), message } };
}

function decode(bytes: Uint8Array, options: { stream?: boolean } = {}): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, options);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The number of bytes before the one that makes the text no UTF-8, by bisection: a prefix of a good prefix is good. */
function validPrefix(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.byteLength + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (decode(bytes.subarray(0, middle), { stream: true }) === undefined) bad = middle;
    else good = middle;
  }
  return Math.min(good, bytes.byteLength);
}
