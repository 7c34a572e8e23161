import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import type { LocalAws } from '../local-aws.ts';
import { type Credentials, rootCredentials } from './root-credentials.ts';

/** What an operator may do: commit and read documents and status, look at everything a site consists of, hear notifications. */
const operatorPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:DeleteObject', 's3:GetObject'],
      Resource: 'arn:aws:s3:::nextcloud-gitops-*/sites/*',
    },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::nextcloud-gitops-*/status/*' },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::nextcloud-gitops-*' },
    {
      Effect: 'Allow',
      Action: [
        'autoscaling:Describe*',
        'cloudformation:Describe*',
        'cloudformation:ListStacks',
        'ec2:Describe*',
        'elasticache:Describe*',
        'elasticfilesystem:Describe*',
        'elasticloadbalancing:Describe*',
        'logs:Describe*',
        'rds:Describe*',
      ],
      Resource: '*',
    },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:nextcloud-gitops-*' },
    {
      Effect: 'Allow',
      Action: [
        'sqs:CreateQueue',
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:SetQueueAttributes',
      ],
      Resource: 'arn:aws:sqs:*:*:operator-*',
    },
    { Effect: 'Allow', Action: 'sns:Subscribe', Resource: '*' },
  ],
};

/** Creates the operator as the account's owner would, and gives an access key. */
export async function createOperator(aws: LocalAws): Promise<Credentials> {
  const iam = new IAMClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: rootCredentials(aws),
  });
  await iam.send(new CreateUserCommand({ UserName: 'operator' }));
  await iam.send(
    new PutUserPolicyCommand({
      UserName: 'operator',
      PolicyName: 'operate-sites',
      PolicyDocument: JSON.stringify(operatorPolicy),
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'operator' }));
  iam.destroy();
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error('IAM gave no access key for the operator');
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}
