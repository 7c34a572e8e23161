/**
 * Reads the variables that a function needs, once, when it is loaded.
 *
 * @throws Error that lists every one that is missing: then the function's first invocation fails, and its alarm tells
 * @example
 * const { BUCKET_NAME } = readEnvironment(process.env, ['BUCKET_NAME', 'AWS_REGION']);
 */
export function readEnvironment<Name extends string>(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) {
    const list = missing.join(', ');
    throw new Error(
      `The function lacks ${list} in its environment: the controller's stack sets them; deploy it again.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Record<Name, string>;
}

/** The account that an ARN names: `arn:aws:iam::123456789012:role/x`. */
export function accountOf(arn: string): string {
  const account = arn.split(':')[4];
  if (account === undefined || !/^\d{12}$/.test(account)) throw new Error(`${arn} names no account.`);
  return account;
}
