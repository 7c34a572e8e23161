import { TransientError } from '../ports/errors.ts';

/**
 * Codes that mean "try again later". CloudFormation's and IAM's LimitExceededException is a quota, not a throttle, so it
 * is not here. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html and, for the two of Auto
 * Scaling, https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html#API_UpdateAutoScalingGroup_Errors
 */
const transientNames = new Set([
  'BandwidthLimitExceeded',
  'ConditionalRequestConflict',
  'EC2ThrottledException',
  'InternalFailure',
  'InternalServerError',
  'KMSThrottlingException',
  'OperationAborted',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ResourceContention',
  'ResourceContentionFault',
  'ScalingActivityInProgress',
  'ScalingActivityInProgressFault',
  'ServiceUnavailable',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** Codes of Node's sockets and name resolution. */
const networkCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Why DynamoDB cancelled a transaction that is worth another try. */
const transientCancellations = new Set(['ProvisionedThroughputExceeded', 'ThrottlingError', 'TransactionConflict']);

/** Whether the same call may succeed later, without anybody changing anything. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, $metadata, $response, CancellationReasons } = error as Error & ForeignFields;
  if (transientNames.has(error.name)) return true;
  if (code !== undefined && networkCodes.has(code)) return true;
  if ((CancellationReasons ?? []).some(({ Code }) => Code !== undefined && transientCancellations.has(Code)))
    return true;
  return ($metadata?.httpStatusCode ?? $response?.statusCode ?? 0) >= 500;
}

interface ForeignFields {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/**
 * The answer of an SDK call. Throttling, 5xx, network errors and timeouts become a TransientError with the SDK's error
 * as its cause; every other error stays what it is.
 *
 * @param operation the API's name, for the message: `DescribeStacks nextcloud-site-production-web`
 */
export async function answered<T>(operation: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isTransient(error)) throw error;
    const { name, message } = error as Error;
    throw new TransientError(`${operation}: ${name}: ${message}`, { cause: error });
  }
}

/** Whether an SDK error carries this code. Query protocol services add `Exception` or `Fault` to some: both are meant. */
export function isCode(error: unknown, ...codes: readonly string[]): error is Error {
  if (!(error instanceof Error)) return false;
  return codes.some(
    (code) => error.name === code || error.name === `${code}Exception` || error.name === `${code}Fault`,
  );
}
