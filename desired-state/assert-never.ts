/**
 * Ends a closed union: the compiler refuses a call while a case is unhandled, and a value that slipped past the types fails loudly.
 *
 * @throws Error always; reaching it is a bug of ours.
 */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
