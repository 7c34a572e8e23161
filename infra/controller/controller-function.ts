import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgePatterns, type Grants, inlinePolicies } from './grants.ts';

export interface ControllerFunctionProps {
  readonly description: string;
  /** The folder with the function's bundle, `index.mjs` in it. */
  readonly bundle: string;
  readonly memoryMb: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  /** What it may do besides writing its own log. */
  readonly grants: Grants;
  readonly recursiveLoop?: lambda.RecursiveLoop;
}

/** A Lambda function with a log group and a role of its own, and nothing that CDK grants by itself. */
export class ControllerFunction extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: ControllerFunctionProps) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'Log', {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const grants: Grants = {
      log: [{ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logGroup.logGroupArn] }],
      ...props.grants,
    };
    this.role = new iam.Role(this, 'Role', {
      description: `What the ${id.toLowerCase()} function of ${Stack.of(this).stackName} may do`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: inlinePolicies(grants),
    });
    acknowledgePatterns(this.role, Object.values(grants).flat());
    this.function = new lambda.Function(this, 'Function', {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(props.bundle),
      memorySize: props.memoryMb,
      timeout: props.timeout,
      environment: props.environment,
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      ...(props.recursiveLoop && { recursiveLoop: props.recursiveLoop }),
    });
  }
}
