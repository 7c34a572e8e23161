import { readFileSync } from 'node:fs';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { boundaryPolicyName, iamPath } from '../../names.ts';
import { acknowledgePatterns, type Grant, statement } from '../grants.ts';
import { boundaryGrants } from './boundary.ts';
import { executionPolicies, type Permissions } from './policies.ts';

/** Name of the role that the stacks of every site work with. */
export const executionRoleName = 'nextcloud-gitops-execution';

/**
 * The role that CloudFormation works with on the stacks of the sites, and the boundary of the roles that those stacks make.
 *
 * All of it is kept when the controller is removed: without the role even a person could neither update nor delete those stacks. The names are
 * fixed, so that a controller deployed again takes them over (`cdk deploy --import-existing-resources`), and IAM is global: one controller an
 * account.
 */
export class ExecutionRole extends Construct {
  readonly roleArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { partition, account } = Stack.of(this);
    // Written out: a policy that referred to the role would wait for it, and the role waits for its policies.
    const itself = `arn:${partition}:iam::${account}:role${iamPath}${executionRoleName}`;
    this.policy('Boundary', boundaryPolicyName, 'The most that a role of a site may do', boundaryGrants(this));
    const policies = Object.entries(executionPolicies(this, readPermissions(), itself)).map(([part, grants]) =>
      this.policy(
        `Policy${part[0]?.toUpperCase()}${part.slice(1)}`,
        `${executionRoleName}-${part}`,
        `What CloudFormation may do for nextcloud-gitops: ${part}`,
        grants,
      ),
    );
    const role = new iam.Role(this, 'Role', {
      roleName: executionRoleName,
      path: iamPath,
      description: 'CloudFormation works with it on the stacks of nextcloud-gitops sites',
      assumedBy: new iam.ServicePrincipal('cloudformation.amazonaws.com'),
      managedPolicies: policies,
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.roleArn = role.roleArn;
  }

  private policy(id: string, name: string, description: string, grants: readonly Grant[]): iam.ManagedPolicy {
    const policy = new iam.ManagedPolicy(this, id, {
      managedPolicyName: name,
      path: iamPath,
      description,
      statements: grants.map(statement),
    });
    policy.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledgePatterns(policy, grants);
    return policy;
  }
}

function readPermissions(): Permissions {
  const { actions } = JSON.parse(readFileSync(new URL('permissions.json', import.meta.url), 'utf8'));
  return actions;
}
