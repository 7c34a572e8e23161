import { Fn } from 'aws-cdk-lib/core';

/** ARN of a resource of this account and region. */
export function regionalArn(service: string, resource: string): string {
  return Fn.sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
}

/** ARN of an IAM entity of this account. */
export function iamArn(resource: string): string {
  return Fn.sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:${resource}`);
}

/** ARN of a policy that AWS manages. */
export function managedPolicyArn(name: string): string {
  return Fn.sub(`arn:\${AWS::Partition}:iam::aws:policy/${name}`);
}
