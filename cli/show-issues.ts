import type { Issue } from '../desired-state/parse.ts';
import type { Terminal } from './terminal.ts';

/** Longest part of a line that is shown: a document may be one line of 256 kB. */
const shownCharacters = 100;

/**
 * Writes issues as compilers do, so that terminals and editors make links of them: `file:line:column: path: message`, and below
 * it the line with a caret under the place.
 */
export function showIssues(file: string, bytes: Uint8Array, issues: readonly Issue[], terminal: Terminal): string {
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/);
  return issues.map((issue) => showIssue(file, lines[issue.line - 1] ?? '', issue, terminal)).join('');
}

function showIssue(file: string, line: string, issue: Issue, { style, printable }: Terminal): string {
  const place = style('bold', `${printable(file)}:${issue.line}:${issue.column}:`);
  const subject = issue.path === '$' ? '' : `${style('cyan', printable(issue.path))}: `;
  const head = `${place} ${subject}${printable(issue.message)}\n`;
  if (line.trim() === '') return head;
  const { text, caret } = excerpt(line, issue.column - 1);
  const number = String(issue.line).padStart(5);
  const bar = style('dim', '|');
  return `${head}${style('dim', number)} ${bar} ${printable(text)}\n      ${bar} ${' '.repeat(caret)}${style('red', '^')}\n`;
}

/** The part of a line around a place, and where the caret stands in it. */
function excerpt(line: string, column: number): { readonly text: string; readonly caret: number } {
  if (line.length <= shownCharacters) return { text: line, caret: column };
  const start = Math.max(0, Math.min(column - Math.floor(shownCharacters / 2), line.length - shownCharacters));
  const end = start + shownCharacters;
  const before = start > 0 ? '…' : '';
  const text = `${before}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
  return { text, caret: column - start + before.length };
}
