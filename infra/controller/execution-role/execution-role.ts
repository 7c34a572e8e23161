import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { iamPath } from '../../names.ts';

/** Name of the role that the stacks of every site work with. */
export const executionRoleName = 'nextcloud-gitops-execution';

/**
 * The role that CloudFormation works with on the stacks of the sites. Kept when the controller is removed: without it even a person could
 * neither update nor delete those stacks.
 */
export class ExecutionRole extends Construct {
  readonly roleArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', {
      roleName: executionRoleName,
      path: iamPath,
      description: 'CloudFormation works with it on the stacks of nextcloud-gitops sites',
      assumedBy: new iam.ServicePrincipal('cloudformation.amazonaws.com'),
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.roleArn = role.roleArn;
  }
}
