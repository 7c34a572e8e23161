import type { LocalAws } from '../local-aws.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The account's owner: prepares the account and deploys the controller, and plays in no scene. */
export function rootCredentials(aws: LocalAws): Credentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = aws.env;
  if (!accessKeyId || !secretAccessKey) throw new Error('the local AWS names no credentials of its root user');
  return { accessKeyId, secretAccessKey };
}
