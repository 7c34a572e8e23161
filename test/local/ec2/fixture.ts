import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  EC2Client,
  type Instance,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';

/** A local AWS with the clients that the tests of instances need. */
export type Fixture = {
  readonly aws: LocalAws;
  readonly autoScaling: AutoScalingClient;
  readonly cloudFormation: CloudFormationClient;
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly sqs: SQSClient;
};

/** What `instances/<id>/instance.json` says. */
export type InstanceFile = { readonly instanceId: string; readonly host: string; readonly port: number };

export async function startFixture(): Promise<Fixture> {
  const aws = await startLocalAws();
  const options = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  return {
    aws,
    autoScaling: new AutoScalingClient(options),
    cloudFormation: new CloudFormationClient(options),
    ec2: new EC2Client(options),
    elb: new ElasticLoadBalancingV2Client(options),
    sqs: new SQSClient(options),
  };
}

/** The folder of an image of the local AWS. */
export const imageFolder = (name: string) => fileURLToPath(new URL(`../../../local/images/${name}`, import.meta.url));

/** Register a folder as an image: its id. */
export async function registerImage(
  fixture: Fixture,
  name: string,
  location: string,
  architecture: 'arm64' | 'x86_64',
) {
  const registered = await fixture.ec2.send(
    new RegisterImageCommand({ Name: name, Architecture: architecture, ImageLocation: location }),
  );
  return required(registered.ImageId);
}

/** A VPC of 10.20.0.0/16 with a subnet in each of three zones. */
export async function createNetwork(fixture: Fixture): Promise<{ vpcId: string; subnetIds: string[] }> {
  const vpc = await fixture.ec2.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }));
  const vpcId = required(vpc.Vpc?.VpcId);
  const subnetIds: string[] = [];
  for (const [index, zone] of ['a', 'b', 'c'].entries()) {
    const created = await fixture.ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `10.20.${index}.0/24`,
        AvailabilityZone: `${fixture.aws.region}${zone}`,
      }),
    );
    subnetIds.push(required(created.Subnet?.SubnetId));
  }
  return { vpcId, subnetIds };
}

export async function describeInstance(fixture: Fixture, instanceId: string): Promise<Instance> {
  const found = await fixture.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  return required(found.Reservations?.[0]?.Instances?.[0]);
}

/** The directory of an instance, as a person with a shell would find it. */
export const instanceDirectory = (fixture: Fixture, instanceId: string) =>
  join(fixture.aws.stateDir, 'instances', instanceId);

export function instanceFile(fixture: Fixture, instanceId: string): InstanceFile {
  return JSON.parse(readFileSync(join(instanceDirectory(fixture, instanceId), 'instance.json'), 'utf8'));
}

/** The process id of an instance's program; undefined before it has started. */
export function programId(fixture: Fixture, instanceId: string): number | undefined {
  const file = join(instanceDirectory(fixture, instanceId), 'pid');
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return text === '' ? undefined : Number(text);
}

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Look again and again until `look` gives something: what AWS does by itself takes its time. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const attempts = 600;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error(`${what}: not seen after ${attempts} looks`);
}

export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The answer lacks a member that it must have.');
  return value;
}
