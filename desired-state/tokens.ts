import { createScanner, type ScanError, type SyntaxKind } from 'jsonc-parser';

/** How deep objects and arrays may be nested; the schema needs 4. */
export const maxDepth = 32;

/** A fault of the text, at an offset. A tolerable one leaves no doubt about what was meant, so the rest is checked too. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
  readonly tolerable: boolean;
}

// jsonc-parser declares its token kinds as an ambient const enum, which code that is stripped of types can't use.
const kind = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  trivia: 15,
  end: 17,
} as const satisfies Record<string, SyntaxKind>;

// ScanError, another ambient const enum.
const unfinishedMessages = new Map<ScanError, string>([
  [1, 'this comment is never closed, and comments are not allowed'],
  [2, 'this text is never closed: a double quote is missing before the end of the line'],
]);

const closerOf = new Map<SyntaxKind, SyntaxKind>([
  [kind.openBrace, kind.closeBrace],
  [kind.openBracket, kind.closeBracket],
]);
const closers: ReadonlySet<SyntaxKind> = new Set(closerOf.values());
const comments: ReadonlySet<SyntaxKind> = new Set([kind.lineComment, kind.blockComment]);
const blanks: ReadonlySet<SyntaxKind> = new Set([kind.lineBreak, kind.trivia, kind.lineComment, kind.blockComment]);

interface Open {
  readonly token: SyntaxKind;
  readonly offset: number;
}

/**
 * Goes once over the tokens of a text and finds what the parser behind it must not meet (it recurses: too deep a document would
 * exhaust the stack) or would explain badly: nesting, brackets that do not match, comments and trailing commas.
 * Stops at the first fault that is not tolerable.
 */
export function checkTokens(text: string): Fault[] {
  const scanner = createScanner(text, false);
  const faults: Fault[] = [];
  const open: Open[] = [];
  let previous: Open | undefined;
  for (let token = scanner.scan(); token !== kind.end; token = scanner.scan()) {
    const offset = scanner.getTokenOffset();
    const unfinished = unfinishedMessages.get(scanner.getTokenError());
    if (unfinished !== undefined) return [...faults, fatal(offset, unfinished)];
    if (comments.has(token)) faults.push(commentFault(offset));
    if (blanks.has(token)) continue;
    if (closers.has(token) && previous?.token === kind.comma) faults.push(trailingComma(previous.offset));
    const misplaced = nest(open, { token, offset });
    if (misplaced !== undefined) return [...faults, misplaced];
    previous = { token, offset };
  }
  const unclosed = open.at(-1);
  return unclosed === undefined ? faults : [...faults, neverClosed(unclosed)];
}

function nest(open: Open[], next: Open): Fault | undefined {
  if (closerOf.has(next.token)) {
    open.push(next);
    if (open.length <= maxDepth) return undefined;
    return fatal(next.offset, `nested deeper than ${maxDepth} levels`);
  }
  if (!closers.has(next.token)) return undefined;
  const top = open.pop();
  if (top !== undefined && closerOf.get(top.token) === next.token) return undefined;
  const wanted = top === undefined ? 'nothing is open here' : `expected ${top.token === kind.openBrace ? '}' : ']'}`;
  return fatal(next.offset, `unexpected ${next.token === kind.closeBrace ? '}' : ']'}: ${wanted}`);
}

const fatal = (offset: number, message: string): Fault => ({ offset, message, tolerable: false });

function neverClosed(open: Open): Fault {
  const [opener, closer] = open.token === kind.openBrace ? ['{', '}'] : ['[', ']'];
  return fatal(open.offset, `this ${opener} is never closed: a ${closer} is missing before the end of the document`);
}

function commentFault(offset: number): Fault {
  return { offset, message: 'comments are not allowed: a document is plain JSON', tolerable: true };
}

function trailingComma(offset: number): Fault {
  return { offset, message: 'trailing comma: remove it, or write what should follow', tolerable: true };
}
