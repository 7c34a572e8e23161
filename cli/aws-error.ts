import { CannotError } from './exit.ts';

const advice = new Map([
  ['CredentialsProviderError', 'there are no AWS credentials: set AWS_PROFILE, or sign in'],
  ['ExpiredToken', 'the AWS credentials have expired: sign in again'],
  ['ExpiredTokenException', 'the AWS credentials have expired: sign in again'],
  ['NoSuchBucket', 'there is no such bucket: check --bucket and the region'],
  ['ECONNREFUSED', 'nothing answers there: check AWS_ENDPOINT_URL'],
  ['ENOTFOUND', 'the name does not resolve: check the network and AWS_ENDPOINT_URL'],
]);

/** The SDK says so in plain errors. */
const noRegion = /^Region (is missing|not accepted)/;

/** Whether an error comes from AWS or the way to it, and not from a mistake of ours. */
function isForeign(error: Error): boolean {
  return '$metadata' in error || 'code' in error || advice.has(error.name) || noRegion.test(error.message);
}

/**
 * Awaits an answer of AWS.
 *
 * @param doing what is being done, for the message: `read the status of production`
 * @throws CannotError when AWS refuses or can't be reached; other errors as they are
 */
export async function asked<T>(doing: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Error) || !isForeign(error)) throw error;
    throw new CannotError(`cannot ${doing}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: Error): string {
  if (noRegion.test(error.message)) return `${error.message}: set AWS_REGION`;
  const code = 'code' in error ? String(error.code) : error.name;
  const known = advice.get(error.name) ?? advice.get(code);
  if (known !== undefined) return known;
  return error.message === '' ? code : `${code}: ${error.message}`;
}

/** Whether an error says that something is not there, by its name in the service. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);
