import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { bundleFunctions } from '../../esbuild.config.mjs';
import type { LocalAws } from '../local-aws.ts';
import { rootCredentials } from './root-credentials.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** The one account of the local AWS. */
const account = '000000000000';

/** The outputs of the controller's stack that people and tools need. */
export interface ControllerOutputs {
  readonly bucketName: string;
  readonly tableName: string;
  readonly reconcileQueueUrl: string;
  readonly topicArn: string;
}

/**
 * Deploys the controller by the real `cdk bootstrap` and `cdk deploy`, as on a real account.
 *
 * @throws Error with the end of the tool's output when it fails.
 */
export async function deployController(aws: LocalAws, tell: (line: string) => void): Promise<ControllerOutputs> {
  const output = join(aws.stateDir, 'cdk.out');
  mkdirSync(output, { recursive: true });
  tell('npm run build');
  await bundleFunctions();
  // From a folder without an app: to bootstrap an account by its name needs none, and synthesis costs seconds.
  tell(`cdk bootstrap aws://${account}/${aws.region}`);
  await cdk(aws, ['bootstrap', `aws://${account}/${aws.region}`], aws.stateDir);
  tell('cdk deploy nextcloud-gitops');
  await cdk(aws, ['deploy', 'nextcloud-gitops', '--require-approval', 'never', '--output', output]);
  return controllerOutputs(aws);
}

async function cdk(aws: LocalAws, args: readonly string[], cwd = project): Promise<void> {
  const env = {
    ...process.env,
    ...aws.env,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: aws.region,
    HOME: aws.stateDir,
  };
  const child = spawn(join(project, 'node_modules', '.bin', 'cdk'), [...args, '--no-notices', '--ci'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`cdk ${args[0]} ended with code ${code}:\n${lines.slice(-30).join('\n')}`);
}

/** Reads the outputs of the controller's stack, by CloudFormation's own answer. */
async function controllerOutputs(aws: LocalAws): Promise<ControllerOutputs> {
  const cloudFormation = new CloudFormationClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: rootCredentials(aws),
  });
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'nextcloud-gitops' }));
  cloudFormation.destroy();
  const stack = Stacks?.[0];
  if (!stack?.StackStatus?.endsWith('_COMPLETE'))
    throw new Error(`the controller's stack is ${stack?.StackStatus ?? 'absent'}`);
  const value = (key: string) => {
    const found = stack.Outputs?.find((output) => output.OutputKey === key)?.OutputValue;
    if (!found) throw new Error(`the controller's stack has no output ${key}`);
    return found;
  };
  return {
    bucketName: value('BucketName'),
    tableName: value('TableName'),
    reconcileQueueUrl: value('ReconcileQueueUrl'),
    topicArn: value('TopicArn'),
  };
}
