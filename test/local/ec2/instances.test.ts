import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateLaunchTemplateCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  type Instance,
  RebootInstancesCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createNetwork,
  describeInstance,
  eventually,
  type Fixture,
  imageFolder,
  instanceDirectory,
  instanceFile,
  isAlive,
  programId,
  registerImage,
  required,
  startFixture,
} from './fixture.ts';

let fixture: Fixture;
let imageId: string;
let subnetIds: string[];

beforeAll(async () => {
  fixture = await startFixture();
  imageId = await registerImage(fixture, 'node', imageFolder('nextcloud-node'), 'arm64');
  ({ subnetIds } = await createNetwork(fixture));
}, 60_000);
afterAll(async () => {
  await fixture.aws.stop();
});

async function run(options: Partial<RunInstancesCommandInput> = {}): Promise<Instance> {
  const answer = await fixture.ec2.send(
    new RunInstancesCommand({
      ImageId: imageId,
      InstanceType: 'm7g.large',
      SubnetId: subnetIds[1],
      MinCount: 1,
      MaxCount: 1,
      ...options,
    }),
  );
  return required(answer.Instances?.[0]);
}

const idOf = (instance: Instance) => required(instance.InstanceId);

const becomes = (instance: Instance, state: string) =>
  eventually(`${idOf(instance)} ${state}`, async () => {
    const now = await describeInstance(fixture, idOf(instance));
    return now.State?.Name === state ? now : undefined;
  });

const answer = (instance: Instance, path: string) =>
  eventually(`an answer of ${idOf(instance)}`, async () => {
    const { host, port } = instanceFile(fixture, idOf(instance));
    return fetch(`http://${host}:${port}${path}`).catch(() => undefined);
  });

describe('images', () => {
  test('DescribeImages shows what is registered, with the folder as its location, and nothing else', async () => {
    const { Images } = await fixture.ec2.send(new DescribeImagesCommand({}));
    expect(Images).toHaveLength(1);
    expect(Images?.[0]).toMatchObject({
      ImageId: imageId,
      Name: 'node',
      Architecture: 'arm64',
      ImageLocation: imageFolder('nextcloud-node'),
      State: 'available',
    });
  });

  test('an image that nobody registered is refused', async () => {
    await expect(run({ ImageId: 'ami-0123456789abcdef0' })).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
      message: "The image id '[ami-0123456789abcdef0]' does not exist",
    });
    await expect(run({ ImageId: 'nextcloud' })).rejects.toMatchObject({ name: 'InvalidAMIID.Malformed' });
    await expect(
      fixture.ec2.send(new DescribeImagesCommand({ ImageIds: ['ami-0123456789abcdef0'] })),
    ).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  });

  test('an instance type of another processor than the image is refused', async () => {
    await expect(run({ InstanceType: 'm7i.large' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining("The architecture 'x86_64' of the specified instance type does not match"),
    });
  });
});

describe('launching', () => {
  test('an instance has its placement, address, profile and tags, and answers on a port of its own', async () => {
    const launched = await run({
      UserData: Buffer.from('#!/bin/sh\n').toString('base64'),
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'node 1' }] }],
      MetadataOptions: { HttpTokens: 'required' },
    });
    expect(launched.State?.Name).toBe('pending');
    const running = await becomes(launched, 'running');
    expect(running).toMatchObject({
      ImageId: imageId,
      SubnetId: subnetIds[1],
      Placement: { AvailabilityZone: 'eu-west-3b' },
      PrivateIpAddress: expect.stringMatching(/^10\.20\.1\.\d+$/),
      Architecture: 'arm64',
      MetadataOptions: { HttpTokens: 'required' },
      Tags: [{ Key: 'Name', Value: 'node 1' }],
    });
    expect(running.PublicIpAddress).toBeUndefined();
    const status = await answer(launched, '/status.php');
    expect(await status.json()).toMatchObject({ installed: true, needsDbUpgrade: false, productname: 'Nextcloud' });
    expect(readFileSync(join(instanceDirectory(fixture, idOf(launched)), 'user-data'), 'utf8')).toBe('#!/bin/sh\n');
    const attribute = await fixture.ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: idOf(launched), Attribute: 'userData' }),
    );
    expect(Buffer.from(required(attribute.UserData?.Value), 'base64').toString()).toBe('#!/bin/sh\n');
    expect(instanceFile(fixture, idOf(launched)).port).not.toBe(instanceFile(fixture, idOf(await run())).port);
  });

  test('a launch template gives what the request does not, and the tags that name its version', async () => {
    const template = await fixture.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'node',
        LaunchTemplateData: { ImageId: imageId, InstanceType: 'm7g.xlarge' },
      }),
    );
    const templateId = required(template.LaunchTemplate?.LaunchTemplateId);
    const answered = await fixture.ec2.send(
      new RunInstancesCommand({
        LaunchTemplate: { LaunchTemplateId: templateId },
        InstanceType: 'm7g.medium',
        SubnetId: subnetIds[0],
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    expect(answered.Instances?.[0]).toMatchObject({ ImageId: imageId, InstanceType: 'm7g.medium' });
    expect(answered.Instances?.[0]?.Tags).toContainEqual({ Key: 'aws:ec2launchtemplate:version', Value: '1' });
  });

  test('a client token launches once', async () => {
    const first = await run({ ClientToken: 'once' });
    const again = await run({ ClientToken: 'once' });
    expect(again.InstanceId).toBe(first.InstanceId);
  });

  test('unknown subnets, security groups, profiles and keys are refused', async () => {
    await expect(run({ SubnetId: 'subnet-00000000000000000' })).rejects.toMatchObject({
      name: 'InvalidSubnetID.NotFound',
    });
    await expect(run({ SecurityGroupIds: ['sg-00000000000000000'] })).rejects.toMatchObject({
      name: 'InvalidGroup.NotFound',
    });
    await expect(run({ IamInstanceProfile: { Name: 'nobody' } })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('Invalid IAM Instance Profile name'),
    });
    await expect(run({ KeyName: 'lost' })).rejects.toMatchObject({ name: 'InvalidKeyPair.NotFound' });
  });

  test('filters choose instances, and one that EC2 does not know is refused', async () => {
    const launched = await run({ SubnetId: required(subnetIds[2]) });
    const found = await fixture.ec2.send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'subnet-id', Values: [required(subnetIds[2])] }] }),
    );
    expect(found.Reservations?.flatMap((each) => each.Instances ?? []).map(idOf)).toEqual([idOf(launched)]);
    await expect(
      fixture.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(
      fixture.ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-00000000000000000'] })),
    ).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  });
});

describe('states', () => {
  test('stopping ends the process, starting brings the same disk, address and port back', async () => {
    const launched = await run();
    await becomes(launched, 'running');
    const first = await eventually('the program', () => programId(fixture, idOf(launched)));
    const before = instanceFile(fixture, idOf(launched));
    writeFileSync(
      join(instanceDirectory(fixture, idOf(launched)), 'disk', 'status.json'),
      '{"edition":"stopped once"}',
    );
    await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [idOf(launched)] }));
    const stopped = await becomes(launched, 'stopped');
    expect(isAlive(first)).toBe(false);
    await fixture.ec2.send(new StartInstancesCommand({ InstanceIds: [idOf(launched)] }));
    const again = await becomes(launched, 'running');
    expect(again.PrivateIpAddress).toBe(stopped.PrivateIpAddress);
    expect(instanceFile(fixture, idOf(launched))).toEqual(before);
    const status = await answer(launched, '/status.php');
    expect(await status.json()).toMatchObject({ edition: 'stopped once' });
  });

  test('a reboot runs the program anew while the instance stays running', async () => {
    const launched = await run();
    await becomes(launched, 'running');
    const first = await eventually('the program', () => programId(fixture, idOf(launched)));
    await fixture.ec2.send(new RebootInstancesCommand({ InstanceIds: [idOf(launched)] }));
    await eventually('another process', () => {
      const now = programId(fixture, idOf(launched));
      return now !== undefined && now !== first ? now : undefined;
    });
    expect(isAlive(first)).toBe(false);
    expect((await describeInstance(fixture, idOf(launched))).State?.Name).toBe('running');
  });

  test('terminating ends the process and the disk; the record stays to be seen', async () => {
    const launched = await run();
    await becomes(launched, 'running');
    const program = await eventually('the program', () => programId(fixture, idOf(launched)));
    const answered = await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: [idOf(launched)] }));
    expect(answered.TerminatingInstances?.[0]).toMatchObject({
      PreviousState: { Name: 'running' },
      CurrentState: { Name: 'shutting-down' },
    });
    const terminated = await becomes(launched, 'terminated');
    expect(isAlive(program)).toBe(false);
    expect(terminated.PrivateIpAddress).toBeUndefined();
    await expect(fixture.ec2.send(new StartInstancesCommand({ InstanceIds: [idOf(launched)] }))).rejects.toMatchObject({
      name: 'IncorrectInstanceState',
    });
  });

  test('a program that ends by itself leaves the instance running', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'image-'));
    try {
      writeFileSync(join(folder, 'boot'), '#!/bin/sh\necho started and done\n');
      chmodSync(join(folder, 'boot'), 0o755);
      const launched = await run({ ImageId: await registerImage(fixture, 'ends', folder, 'arm64') });
      await eventually('its console', () => {
        const file = join(instanceDirectory(fixture, idOf(launched)), 'console.log');
        const log = existsSync(file) ? readFileSync(file, 'utf8') : '';
        return log.includes('started and done\nthe program ended with exit code 0') ? log : undefined;
      });
      expect((await describeInstance(fixture, idOf(launched))).State?.Name).toBe('running');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('an instance keeps the disk that it was launched with when the image changes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'image-'));
    try {
      cpSync(imageFolder('nextcloud-node'), folder, { recursive: true });
      const launched = await run({ ImageId: await registerImage(fixture, 'changes', folder, 'arm64') });
      rmSync(join(folder, 'node.py'));
      expect((await answer(launched, '/status.php')).status).toBe(200);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
