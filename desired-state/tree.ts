import { type Node, type ParseError, type ParseErrorCode, parseTree } from 'jsonc-parser';
import type { Path } from './issue.ts';
import { checkTokens, type Fault } from './tokens.ts';

/** What a text is: a tree with the offset of every part, as far as the text could be read, and the faults of the text. */
export interface Tree {
  /** Absent when a fault leaves in doubt what was meant. */
  readonly root?: Node;
  /** In the order of the text. */
  readonly faults: readonly Fault[];
}

/** Reads a text as JSON, and as nothing more than JSON. Time and memory grow linearly with the text; the stack does not. */
export function readTree(text: string): Tree {
  const marked = text.startsWith('\ufeff');
  const faults: Fault[] = marked ? [byteOrderMark] : [];
  // Replaced, not cut off: offsets stay those of the file.
  const plain = marked ? ` ${text.slice(1)}` : text;
  faults.push(...checkTokens(plain));
  if (faults.some((fault) => !fault.tolerable)) return { faults };
  const errors: ParseError[] = [];
  // Comments and trailing commas are faults already.
  const root = parseTree(plain, errors, {
    disallowComments: false,
    allowTrailingComma: true,
    allowEmptyContent: false,
  });
  if (root !== undefined && errors.length === 0) return { root, faults };
  return { faults: [...faults, ...syntaxFaults(errors)] };
}

const byteOrderMark: Fault = {
  offset: 0,
  message: 'the file starts with a byte order mark: save it as UTF-8 without one',
  tolerable: true,
};

// jsonc-parser's ParseErrorCode, an ambient const enum.
const messages = new Map<ParseErrorCode, string>([
  [1, 'this is not JSON: names and texts stand in double quotes'],
  [2, 'this is not a number as JSON writes it'],
  [3, 'expected a key in double quotes'],
  [4, 'expected a value'],
  [5, 'expected a colon behind the key'],
  [6, 'expected a comma before this'],
  [7, 'expected }'],
  [8, 'expected ]'],
  [9, 'expected the end of the document: only one value may stand in it'],
  [13, 'this number is not finished'],
  [14, 'this \\u escape needs four hexadecimal digits'],
  [15, 'this escape does not exist in JSON'],
  [16, 'control characters must be escaped'],
]);

/** One fault an offset: the parser reports two errors for some mistakes. */
function syntaxFaults(errors: readonly ParseError[]): Fault[] {
  const seen = new Map<number, Fault>();
  for (const { error, offset } of errors) {
    if (seen.has(offset)) continue;
    seen.set(offset, { offset, message: messages.get(error) ?? 'this is not JSON', tolerable: false });
  }
  return [...seen.values()];
}

/** A place in a tree. */
export interface Place {
  readonly node: Node;
  /** Of a property: the node of its key. */
  readonly key?: Node | undefined;
}

/**
 * Finds the place at a path, or `exact: false` and the nearest one above it that exists. The keys of an object are indexed
 * when they are first asked for, so that many look-ups in a large document stay cheap.
 */
export function locator(root: Node): (path: Path) => Place & { readonly exact: boolean } {
  const indexes = new WeakMap<Node, ReadonlyMap<string, Node>>();
  const indexOf = (object: Node): ReadonlyMap<string, Node> => {
    const index = indexes.get(object) ?? propertiesByKey(object);
    indexes.set(object, index);
    return index;
  };
  return (path) => {
    let place: Place = { node: root };
    for (const part of path) {
      const next = typeof part === 'number' ? itemAt(place.node, part) : valueIn(indexOf(place.node).get(part));
      if (next === undefined) return { ...place, exact: false };
      place = next;
    }
    return { ...place, exact: true };
  };
}

/** Of a duplicate key the first counts, as it does for the value. */
function propertiesByKey(object: Node): ReadonlyMap<string, Node> {
  const properties = (object.children ?? []).filter(({ type }) => type === 'property');
  return new Map(properties.toReversed().map((property) => [String(property.children?.[0]?.value), property]));
}

function itemAt(list: Node, index: number): Place | undefined {
  const node = list.children?.[index];
  return node === undefined ? undefined : { node };
}

function valueIn(property: Node | undefined): Place | undefined {
  const [key, node] = property?.children ?? [];
  return node === undefined ? undefined : { node, key };
}
