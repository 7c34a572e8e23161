import { styleText } from 'node:util';

/** How text is emphasised on a terminal that can. */
export type Style = Parameters<typeof styleText>[0];

/** Where a command writes: results to `out`, everything about them to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Emphasises a part of what goes to `out`; plain text when that is no terminal, or NO_COLOR says so. */
  readonly style: (style: Style, text: string) => string;
  /** Text of others, without what would steer the terminal. */
  readonly printable: (text: string) => string;
}

/**
 * Replaces control characters (also those of C1 and those that turn the direction of writing) by `·`, one for one, so that a
 * document can neither steer the terminal nor move the marks below its lines.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, (character) =>
    character === '\t' ? ' ' : '·',
  );
}

/** The terminal of a process. NO_COLOR, FORCE_COLOR and whether the output is a terminal are heeded by `styleText`. */
export function processTerminal(process: NodeJS.Process): Terminal {
  return {
    out: (text) => void process.stdout.write(withNewline(text)),
    err: (text) => void process.stderr.write(withNewline(text)),
    style: (style, text) => styleText(style, text, { stream: process.stdout }),
    printable,
  };
}

const withNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
