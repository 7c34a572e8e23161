import { execFileSync } from 'node:child_process';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import {
  eventually,
  type Fixture,
  imageFolder,
  isAlive,
  programId,
  registerImage,
  required,
  startFixture,
} from './fixture.ts';

async function startNodes(fixture: Fixture): Promise<number[]> {
  const imageId = await registerImage(fixture, 'bastion', imageFolder('bastion'), 'x86_64');
  const { Instances } = await fixture.ec2.send(
    new RunInstancesCommand({ ImageId: imageId, InstanceType: 't3.micro', MinCount: 3, MaxCount: 3 }),
  );
  const programs: number[] = [];
  for (const instance of Instances ?? []) {
    programs.push(await eventually('its program', () => programId(fixture, required(instance.InstanceId))));
  }
  return programs;
}

const allGone = (programs: readonly number[]) =>
  eventually('the end of every program', () => (programs.some(isAlive) ? undefined : true));

test('the local AWS ends its instances when it stops', async () => {
  const fixture = await startFixture();
  const programs = await startNodes(fixture);
  expect(programs.every(isAlive)).toBe(true);
  await fixture.aws.stop();
  await allGone(programs);
}, 60_000);

test('its instances end with it when it is killed', async () => {
  const fixture = await startFixture();
  const programs = await startNodes(fixture);
  const warden = parentOf(required(programs[0]));
  const server = parentOf(warden);
  process.kill(server, 'SIGKILL');
  await allGone(programs);
  await eventually('the end of the warden', () => (isAlive(warden) ? undefined : true));
  await fixture.aws.stop();
}, 60_000);

function parentOf(processId: number): number {
  return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(processId)], { encoding: 'utf8' }));
}
