import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createNetwork,
  describeInstance,
  eventually,
  type Fixture,
  imageFolder,
  instanceDirectory,
  programId,
  registerImage,
  required,
  startFixture,
} from '../ec2/fixture.ts';

let fixture: Fixture;
let vpcId: string;
let subnetIds: string[];
let imageId: string;
let loadBalancerArn: string;

beforeAll(async () => {
  fixture = await startFixture();
  ({ vpcId, subnetIds } = await createNetwork(fixture));
  imageId = await registerImage(fixture, 'node', imageFolder('nextcloud-node'), 'arm64');
  const created = await fixture.elb.send(
    new CreateLoadBalancerCommand({ Name: 'site', Subnets: subnetIds.slice(0, 2), Type: 'application' }),
  );
  loadBalancerArn = required(created.LoadBalancers?.[0]?.LoadBalancerArn);
}, 60_000);
afterAll(async () => {
  await fixture.aws.stop();
});

let groups = 0;

/** A target group that a listener of its own port forwards to, unless `listens` is false. */
async function createTargetGroup(options: { listens?: boolean; path?: string; delaySeconds?: number } = {}) {
  groups += 1;
  const created = await fixture.elb.send(
    new CreateTargetGroupCommand({
      Name: `nodes-${groups}`,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      HealthCheckPath: options.path ?? '/health',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: '200-299' },
    }),
  );
  const arn = required(created.TargetGroups?.[0]?.TargetGroupArn);
  await fixture.elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: arn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: String(options.delaySeconds ?? 0) }],
    }),
  );
  if (options.listens ?? true) await listen(arn);
  return arn;
}

const listen = (arn: string) =>
  fixture.elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: 'HTTP',
      Port: 8000 + groups,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
    }),
  );

async function runNode(subnet = 0): Promise<string> {
  const { Instances } = await fixture.ec2.send(
    new RunInstancesCommand({
      ImageId: imageId,
      InstanceType: 'm7g.large',
      SubnetId: required(subnetIds[subnet]),
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  const instanceId = required(Instances?.[0]?.InstanceId);
  await eventually(`${instanceId} running`, async () =>
    (await describeInstance(fixture, instanceId)).State?.Name === 'running' ? true : undefined,
  );
  return instanceId;
}

const register = (arn: string, instanceId: string) =>
  fixture.elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: instanceId }] }));

async function health(arn: string, instanceId: string): Promise<TargetHealthDescription> {
  const found = await fixture.elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: arn, Targets: [{ Id: instanceId }] }),
  );
  return required(found.TargetHealthDescriptions?.[0]);
}

const becomes = (arn: string, instanceId: string, state: string) =>
  eventually(`${instanceId} ${state}`, async () => {
    const now = await health(arn, instanceId);
    return now.TargetHealth?.State === state ? now.TargetHealth : undefined;
  });

const disk = (instanceId: string, file: string) => join(instanceDirectory(fixture, instanceId), 'disk', file);

describe('registration', () => {
  test('a registered target is initial, then healthy, and shown with the port of its group', async () => {
    const arn = await createTargetGroup();
    const instanceId = await runNode();
    await register(arn, instanceId);
    expect(['initial', 'healthy']).toContain((await health(arn, instanceId)).TargetHealth?.State);
    await becomes(arn, instanceId, 'healthy');
    const all = await fixture.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
    expect(all.TargetHealthDescriptions).toMatchObject([
      { Target: { Id: instanceId, Port: 80 }, HealthCheckPort: '80', TargetHealth: { State: 'healthy' } },
    ]);
  });

  test('unknown and malformed instance ids are refused', async () => {
    const arn = await createTargetGroup();
    await expect(register(arn, 'i-0123456789abcdef0')).rejects.toMatchObject({
      name: 'InvalidTargetException',
      message: expect.stringContaining('not in a running state'),
    });
    await expect(register(arn, 'node-1')).rejects.toMatchObject({ message: "Instance ID 'node-1' is not valid" });
    await expect(register(arn.replace('nodes', 'other'), 'i-0123456789abcdef0')).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
    });
  });

  test('the load balancer is in the zones of its subnets', async () => {
    const { LoadBalancers } = await fixture.elb.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancers?.[0]?.AvailabilityZones?.map((each) => each.ZoneName)).toEqual(['eu-west-3a', 'eu-west-3b']);
  });
});

describe('unused targets', () => {
  test('Target.NotRegistered', async () => {
    const arn = await createTargetGroup();
    expect((await health(arn, await runNode())).TargetHealth).toMatchObject({
      State: 'unused',
      Reason: 'Target.NotRegistered',
    });
  });

  test('Target.NotInUse without a listener, and checked as soon as there is one', async () => {
    const arn = await createTargetGroup({ listens: false });
    const instanceId = await runNode();
    await register(arn, instanceId);
    expect((await health(arn, instanceId)).TargetHealth).toMatchObject({ State: 'unused', Reason: 'Target.NotInUse' });
    await listen(arn);
    await becomes(arn, instanceId, 'healthy');
  });

  test('Target.NotInUse in a zone that the load balancer is not in', async () => {
    const arn = await createTargetGroup();
    const instanceId = await runNode(2);
    await register(arn, instanceId);
    expect((await health(arn, instanceId)).TargetHealth).toMatchObject({
      State: 'unused',
      Reason: 'Target.NotInUse',
      Description: 'Target is in an Availability Zone that is not enabled for the load balancer',
    });
  });

  test('Target.InvalidState when the instance is stopped', async () => {
    const arn = await createTargetGroup();
    const instanceId = await runNode();
    await register(arn, instanceId);
    await becomes(arn, instanceId, 'healthy');
    await fixture.ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    expect(await becomes(arn, instanceId, 'unused')).toMatchObject({ Reason: 'Target.InvalidState' });
  });
});

describe('unhealthy targets', { concurrent: true }, () => {
  test('another status than the matcher allows, and healthy again after it', { timeout: 60_000 }, async () => {
    const arn = await createTargetGroup();
    const instanceId = await runNode();
    await register(arn, instanceId);
    await becomes(arn, instanceId, 'healthy');
    writeFileSync(disk(instanceId, 'health.json'), '{"status": 503}');
    expect(await becomes(arn, instanceId, 'unhealthy')).toMatchObject({
      Reason: 'Target.ResponseCodeMismatch',
      Description: 'Health checks failed with these codes: [503]',
    });
    rmSync(disk(instanceId, 'health.json'));
    await becomes(arn, instanceId, 'healthy');
  });

  test('no answer in time', { timeout: 60_000 }, async () => {
    const arn = await createTargetGroup();
    const instanceId = await runNode();
    writeFileSync(disk(instanceId, 'health.json'), '{"delaySeconds": 4}');
    await register(arn, instanceId);
    expect(await becomes(arn, instanceId, 'unhealthy')).toMatchObject({
      Reason: 'Target.Timeout',
      Description: 'Request timed out',
    });
  });

  test('nobody listens', { timeout: 60_000 }, async () => {
    const arn = await createTargetGroup();
    const instanceId = await runNode();
    await register(arn, instanceId);
    await becomes(arn, instanceId, 'healthy');
    process.kill(required(programId(fixture, instanceId)), 'SIGKILL');
    expect(await becomes(arn, instanceId, 'unhealthy')).toMatchObject({ Reason: 'Target.FailedHealthChecks' });
    expect((await describeInstance(fixture, instanceId)).State?.Name).toBe('running');
  });
});

describe('draining', () => {
  test('a deregistered target drains, then it is not registered', async () => {
    const arn = await createTargetGroup({ delaySeconds: 2 });
    const instanceId = await runNode();
    await register(arn, instanceId);
    await becomes(arn, instanceId, 'healthy');
    const targets = { TargetGroupArn: arn, Targets: [{ Id: instanceId }] };
    await fixture.elb.send(new DeregisterTargetsCommand(targets));
    expect((await health(arn, instanceId)).TargetHealth).toMatchObject({
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
    });
    expect(await becomes(arn, instanceId, 'unused')).toMatchObject({ Reason: 'Target.NotRegistered' });
    await fixture.elb.send(new DeregisterTargetsCommand(targets));
  });

  test('a draining target that is registered again serves again', async () => {
    const arn = await createTargetGroup({ delaySeconds: 3600 });
    const instanceId = await runNode();
    await register(arn, instanceId);
    await fixture.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: instanceId }] }));
    await becomes(arn, instanceId, 'draining');
    await register(arn, instanceId);
    await becomes(arn, instanceId, 'healthy');
  });

  test('a terminated instance does not drain on', async () => {
    const arn = await createTargetGroup({ delaySeconds: 3600 });
    const instanceId = await runNode();
    await register(arn, instanceId);
    await fixture.elb.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: [{ Id: instanceId }] }));
    await fixture.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    expect(await becomes(arn, instanceId, 'unused')).toMatchObject({ Reason: 'Target.NotRegistered' });
  });
});

test('a listener forwards requests to a healthy target', async () => {
  const arn = await createTargetGroup();
  const instanceId = await runNode();
  await register(arn, instanceId);
  await becomes(arn, instanceId, 'healthy');
  const answer = await fetch(`${fixture.aws.endpoint}/_alb/site/health`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ healthy: true });
});
