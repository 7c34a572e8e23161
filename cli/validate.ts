import { type Issue, parseSite } from '../desired-state/parse.ts';
import { commandLine } from './command-line.ts';
import { readDocument } from './document-file.ts';
import { CannotError, exitCodes, UsageError } from './exit.ts';
import { showIssues } from './show-issues.ts';
import type { Terminal } from './terminal.ts';

interface Checked {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly issues: readonly Issue[];
}

/**
 * `ncctl validate <file>... [--json] [--region <region>]`: checks documents. Files that can be read are checked even when
 * others can't be.
 */
export async function validate(args: readonly string[], terminal: Terminal): Promise<number> {
  const { files, json, region } = readArgs(args);
  const checked: Checked[] = [];
  let unreadable = 0;
  for (const file of files) {
    try {
      checked.push(await check(file, region));
    } catch (error) {
      if (!(error instanceof CannotError)) throw error;
      unreadable += 1;
      terminal.err(`ncctl: ${terminal.printable(error.message)}`);
    }
  }
  if (json) terminal.out(JSON.stringify(checked.map(({ file, issues }) => ({ file, issues }))));
  else terminal.out(report(checked, terminal));
  if (unreadable > 0) return exitCodes.cannot;
  return checked.some(({ issues }) => issues.length > 0) ? exitCodes.issues : exitCodes.clean;
}

function readArgs(args: readonly string[]): { files: string[]; json: boolean; region: string | undefined } {
  const options = { json: { type: 'boolean', default: false }, region: { type: 'string' } } as const;
  const { values, positionals } = commandLine(args, options);
  if (positionals.length === 0) throw new UsageError('validate needs at least one file');
  return { files: positionals, json: values.json, region: values.region };
}

async function check(file: string, region: string | undefined): Promise<Checked> {
  const bytes = await readDocument(file);
  const result = parseSite(bytes, { fileName: file, now: Date.now(), ...(region === undefined ? {} : { region }) });
  return { file, bytes, issues: result.kind === 'issues' ? result.issues : [] };
}

function report(checked: readonly Checked[], terminal: Terminal): string {
  return checked
    .map(({ file, bytes, issues }) => {
      if (issues.length === 0) return `${terminal.printable(file)}: ${terminal.style('green', 'no issues')}\n`;
      const count = `${issues.length} ${issues.length === 1 ? 'issue' : 'issues'}`;
      return `${showIssues(file, bytes, issues, terminal)}${terminal.printable(file)}: ${terminal.style('red', count)}\n`;
    })
    .join('');
}
