import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { Stacks } from './stacks.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const binaries = join(project, 'node_modules', '.bin');
const run = promisify(execFile);

describe('the CDK', () => {
  let aws: LocalAws;
  let stacks: Stacks;
  let output: string;
  beforeAll(async () => {
    aws = await startLocalAws();
    stacks = new Stacks(aws);
    output = await mkdtemp(join(tmpdir(), 'cdk-out-'));
  });
  afterAll(async () => {
    await rm(output, { recursive: true, force: true });
    await aws?.stop();
  });

  const cdk = async (...arguments_: readonly string[]): Promise<string> => {
    const app = ['--app', 'node test/local/cloudformation/cdk-app.ts', '--output', output, '--ci'];
    const { stdout } = await run(join(binaries, 'cdk'), [...arguments_, ...app], {
      cwd: project,
      env: {
        ...aws.env,
        PATH: [binaries, process.env['PATH'] ?? ''].join(delimiter),
        HOME: output,
        CDK_DISABLE_VERSION_CHECK: '1',
      },
    });
    return stdout;
  };
  const deploy = (visibilitySeconds: number) =>
    cdk('deploy', 'app', '--require-approval', 'never', '--context', `visibilitySeconds=${visibilitySeconds}`);

  it('bootstraps, deploys, has nothing to do, and deploys a change', async () => {
    await cdk('bootstrap', 'aws://000000000000/eu-west-3', '--context', 'visibilitySeconds=60');
    expect(await stacks.describe('CDKToolkit')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    await deploy(60);
    const created = await stacks.describe('app');
    expect(created).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    expect(created.RoleARN).toContain('cdk-hnb659fds-cfn-exec-role');
    expect(await deploy(60)).toContain('no changes');
    await deploy(120);
    expect(await stacks.describe('app')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  });
});
