import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { LocalAws } from '../../../local/local-aws.ts';

/** A statement of an identity policy. */
export type Statement = {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
};

/** What the AWS SDK's clients take to call a local AWS as someone. */
export type Caller = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

/** The root user of the local AWS's account. */
export function root(aws: LocalAws): Caller {
  return {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

/** Create a role with one inline policy and assume it: a caller that may do what the statements say and nothing else. */
export async function assumedRole(aws: LocalAws, roleName: string, statements: readonly Statement[]): Promise<Caller> {
  const iam = new IAMClient(root(aws));
  const trust = { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' };
  const document = (content: unknown) => JSON.stringify({ Version: '2012-10-17', Statement: content });
  const created = await iam.send(
    new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: document([trust]) }),
  );
  if (statements.length > 0) {
    const policy = { RoleName: roleName, PolicyName: 'it', PolicyDocument: document(statements) };
    await iam.send(new PutRolePolicyCommand(policy));
  }
  const session = await new STSClient(root(aws)).send(
    new AssumeRoleCommand({ RoleArn: created.Role?.Arn, RoleSessionName: 'test' }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = session.Credentials ?? {};
  return {
    ...root(aws),
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  };
}
