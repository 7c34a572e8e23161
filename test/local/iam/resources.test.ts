import {
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteVpcCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { assumedRole, type Caller, root } from './assumed-role.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.stop());

const account = '000000000000';
const denied = expect.objectContaining({ name: expect.stringMatching(/^AccessDenied|^UnauthorizedOperation/) });
const ours = { StringEquals: { 'aws:ResourceTag/owner': 'us' } };

test('EC2: the tags of what a request names decide', async () => {
  const ec2 = new EC2Client(root(aws));
  const vpcs: (string | undefined)[] = [];
  for (const owner of ['us', 'them']) {
    const made = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    vpcs.push(made.Vpc?.VpcId);
    await ec2.send(
      new CreateTagsCommand({ Resources: [made.Vpc?.VpcId ?? ''], Tags: [{ Key: 'owner', Value: owner }] }),
    );
  }
  const caller = await assumedRole(aws, 'by-tag', [
    { Effect: 'Allow', Action: 'ec2:DeleteVpc', Resource: '*', Condition: ours },
  ]);
  const remove = (VpcId: string | undefined) => new EC2Client(caller).send(new DeleteVpcCommand({ VpcId }));
  await expect(remove(vpcs[1])).rejects.toEqual(denied);
  await expect(remove(vpcs[0])).resolves.toBeDefined();
});

test('EC2: each instance of a request is judged', async () => {
  const caller = await assumedRole(aws, 'one-instance', [
    {
      Effect: 'Allow',
      Action: 'ec2:TerminateInstances',
      Resource: `arn:aws:ec2:eu-west-3:${account}:instance/i-00000000000000001`,
    },
  ]);
  const terminate = (...InstanceIds: string[]) =>
    new EC2Client(caller).send(new TerminateInstancesCommand({ InstanceIds }));
  await expect(terminate('i-00000000000000001', 'i-00000000000000002')).rejects.toEqual(denied);
  // Allowed: what remains wrong is that there is no such instance.
  await expect(terminate('i-00000000000000001')).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
});

test('load balancing: the tags of a target group decide', async () => {
  const balancing = new ElasticLoadBalancingV2Client(root(aws));
  const vpc = await new EC2Client(root(aws)).send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
  const create = async (Name: string, owner: string) => {
    const made = await balancing.send(
      new CreateTargetGroupCommand({
        Name,
        Protocol: 'HTTP',
        Port: 80,
        VpcId: vpc.Vpc?.VpcId,
        Tags: [{ Key: 'owner', Value: owner }],
      }),
    );
    return made.TargetGroups?.[0]?.TargetGroupArn;
  };
  const caller = await assumedRole(aws, 'by-tag-of-target-group', [
    { Effect: 'Allow', Action: 'elasticloadbalancing:DeleteTargetGroup', Resource: '*', Condition: ours },
  ]);
  const remove = (TargetGroupArn: string | undefined) =>
    new ElasticLoadBalancingV2Client(caller).send(new DeleteTargetGroupCommand({ TargetGroupArn }));
  await expect(remove(await create('theirs', 'them'))).rejects.toEqual(denied);
  await expect(remove(await create('ours', 'us'))).resolves.toBeDefined();
});

test('Lambda: a function gets a role only from one who may pass it to Lambda', async () => {
  await assumedRole(aws, 'function-role', []);
  const role = `arn:aws:iam::${account}:role/function-role`;
  const create = { Effect: 'Allow', Action: 'lambda:CreateFunction', Resource: '*' } as const;
  const pass = (service: string) =>
    ({
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: role,
      Condition: { StringEquals: { 'iam:PassedToService': service } },
    }) as const;
  const make = (caller: Caller) =>
    new LambdaClient(caller).send(
      new CreateFunctionCommand({
        FunctionName: 'made',
        Role: role,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { S3Bucket: 'nowhere', S3Key: 'code.zip' },
      }),
    );
  const elsewhere = await assumedRole(aws, 'passes-elsewhere', [create, pass('ec2.amazonaws.com')]);
  await expect(make(elsewhere)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('iam:PassRole'),
  });
  // Allowed: what remains wrong is that there is no such code.
  const may = await assumedRole(aws, 'passes', [create, pass('lambda.amazonaws.com')]);
  await expect(make(may)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('Run Command: the document and each instance are judged', async () => {
  const document = 'arn:aws:ssm:eu-west-3::document/AWS-RunShellScript';
  const instance = (id: string) => `arn:aws:ec2:eu-west-3:${account}:instance/${id}`;
  const run = (caller: Caller, ...InstanceIds: string[]) =>
    new SSMClient(caller).send(
      new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds, Parameters: { commands: ['true'] } }),
    );
  const grant = (...resources: string[]) => [
    { Effect: 'Allow', Action: 'ssm:SendCommand', Resource: resources } as const,
  ];
  const documentOnly = await assumedRole(aws, 'document-only', grant(document));
  const instanceOnly = await assumedRole(aws, 'instance-only', grant(instance('i-00000000000000001')));
  const both = await assumedRole(aws, 'both', grant(document, instance('i-00000000000000001')));
  await expect(run(documentOnly, 'i-00000000000000001')).rejects.toEqual(denied);
  await expect(run(instanceOnly, 'i-00000000000000001')).rejects.toEqual(denied);
  await expect(run(both, 'i-00000000000000001', 'i-00000000000000002')).rejects.toEqual(denied);
  // Allowed: what remains wrong is that there is no such instance.
  await expect(run(both, 'i-00000000000000001')).rejects.toMatchObject({ name: 'InvalidInstanceId' });
});
