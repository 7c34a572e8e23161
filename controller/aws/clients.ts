/**
 * Options of every SDK client: few attempts and short timeouts, because the work row looks again later anyway and an
 * invocation has 60 s. Region, credentials and endpoints come from the environment that Lambda gives (AWS_REGION,
 * AWS_ENDPOINT_URL), never from here. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export const clientOptions = {
  maxAttempts: 3,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
};

/** For a call of the render function: it answers when it has rendered (3 s cold), and is not asked twice at once. */
export const renderCallOptions = {
  maxAttempts: 2,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 25_000, throwOnRequestTimeout: true },
};
