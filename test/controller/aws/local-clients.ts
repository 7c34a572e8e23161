import type { LocalAws } from '../../../local/local-aws.ts';

/** What every SDK client of a test needs to call the local AWS as the account's root user. */
export function localClient(aws: LocalAws) {
  return {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}
