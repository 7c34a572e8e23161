import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './exit.ts';

/**
 * `parseArgs` of Node, whose complaints become usage errors.
 *
 * @throws UsageError for an option that is unknown or misses its value
 */
export function commandLine<const T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
