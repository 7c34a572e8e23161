#!/usr/bin/env node
import process from 'node:process';
import { inspect } from 'node:util';
import { commands, usage } from './commands.ts';
import { CannotError, exitCodes, UsageError } from './exit.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal(process);
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.out(usage);
    return name === undefined ? exitCodes.cannot : exitCodes.clean;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    terminal.err(`ncctl: there is no command "${terminal.printable(name)}"\n\n${usage}`);
    return exitCodes.cannot;
  }
  return runCommand(command.load, rest, command.usage);
}

async function runCommand(
  load: (typeof commands)[string]['load'],
  args: readonly string[],
  help: string,
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(help);
    return exitCodes.clean;
  }
  try {
    const run = await load();
    return await run(args, terminal);
  } catch (error) {
    terminal.err(explanation(error, help));
    return exitCodes.cannot;
  }
}

/** What went wrong, in words; a mistake of ours with all that helps to find it. */
function explanation(error: unknown, help: string): string {
  if (error instanceof CannotError) return `ncctl: ${terminal.printable(error.message)}`;
  if (error instanceof UsageError) return `ncctl: ${terminal.printable(error.message)}\n\n${help}`;
  return `ncctl: this is a bug of ncctl: ${inspect(error)}`;
}
