/** What a command's exit code says; scripts rely on them. */
export const exitCodes = {
  /** All is as it should be. */
  clean: 0,
  /** The command did its work and found something: a document with issues, a site that is not Ready. */
  issues: 1,
  /** The command could not do its work: wrong usage, a file that can't be read, AWS that can't be reached. */
  cannot: 2,
} as const;

/** The command line is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that the command needs is not there; the message says what, and what to do. */
export class CannotError extends Error {
  override readonly name = 'CannotError';
}
