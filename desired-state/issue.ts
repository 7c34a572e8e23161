/** The way from the document's root to a place in it: keys of objects and indexes of arrays. */
export type Path = readonly (string | number)[];

/** What is wrong with a document, and where. */
export interface Issue {
  /**
   * The place: `network.availabilityZones[2]`, `nextcloud.config["a.b"]` for a key that is no identifier, `$` for the
   * document as a whole.
   */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors count; the first character of the value, or of the key when the key is wrong. */
  readonly column: number;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** How an issue that was found at a path of the document is written. */
export interface Finding {
  readonly path: Path;
  /** Where in the text the path is shown: at its value, or at its key. */
  readonly at?: 'value' | 'key';
  readonly message: string;
}

const longestKey = 64;
const identifier = /^[A-Za-z_$][\w$-]*$/;

/** A key as it is shown: a long one is cut, for a hostile document must not make a huge message. */
export function showKey(key: string): string {
  return key.length > longestKey ? `${key.slice(0, longestKey)}…` : key;
}

/** Writes a path as `Issue.path` has it. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (identifier.test(part) && part.length <= longestKey) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(showKey(part))}]`;
  }
  return text === '' ? '$' : text;
}
