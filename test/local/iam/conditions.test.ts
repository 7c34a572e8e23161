import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  SetStackPolicyCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { assumedRole, type Caller, root } from './assumed-role.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.stop());

const denied = expect.objectContaining({
  name: expect.stringMatching(/^AccessDenied|^UnauthorizedOperation/),
  message: expect.stringContaining('is not authorized to perform'),
});
const account = '000000000000';

describe('Auto Scaling', () => {
  const named = (name: string) =>
    `arn:aws:autoscaling:eu-west-3:${account}:autoScalingGroup:*:autoScalingGroupName/${name}`;

  beforeAll(async () => {
    const autoScaling = new AutoScalingClient(root(aws));
    await new EC2Client(root(aws)).send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.micro' },
      }),
    );
    for (const [name, site] of [
      ['site-a', 'a'],
      ['site-b', 'b'],
    ] as const) {
      await autoScaling.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          LaunchTemplate: { LaunchTemplateName: 'web' },
          MinSize: 0,
          MaxSize: 0,
          AvailabilityZones: ['eu-west-3a'],
          Tags: [
            { Key: 'site', Value: site, PropagateAtLaunch: true, ResourceId: name, ResourceType: 'auto-scaling-group' },
          ],
        }),
      );
    }
  });

  const update = (caller: Caller, name: string, size = 1) =>
    new AutoScalingClient(caller).send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MaxSize: size }),
    );

  test("a grant by the group's tag reaches that group and no other", async () => {
    const caller = await assumedRole(aws, 'by-tag', [
      {
        Effect: 'Allow',
        Action: 'autoscaling:UpdateAutoScalingGroup',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/site': 'a' } },
      },
    ]);
    await expect(update(caller, 'site-a')).resolves.toBeDefined();
    await expect(update(caller, 'site-b')).rejects.toEqual(denied);
  });

  test("a grant by the group's ARN reaches that group and no other", async () => {
    const caller = await assumedRole(aws, 'by-arn', [
      { Effect: 'Allow', Action: 'autoscaling:UpdateAutoScalingGroup', Resource: named('site-b') },
    ]);
    await expect(update(caller, 'site-b')).resolves.toBeDefined();
    await expect(update(caller, 'site-a')).rejects.toEqual(denied);
  });

  test('a limit on the size asked for', async () => {
    const caller = await assumedRole(aws, 'by-size', [
      {
        Effect: 'Allow',
        Action: 'autoscaling:UpdateAutoScalingGroup',
        Resource: '*',
        Condition: { NumericLessThanEquals: { 'autoscaling:MaxSize': '8' } },
      },
    ]);
    await expect(update(caller, 'site-a', 8)).resolves.toBeDefined();
    await expect(update(caller, 'site-a', 9)).rejects.toEqual(denied);
  });

  test('describing knows no resource: only a grant on * allows it', async () => {
    const describeAs = (caller: Caller) =>
      new AutoScalingClient(caller).send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['site-a'] }));
    const action = 'autoscaling:DescribeAutoScalingGroups';
    const narrow = await assumedRole(aws, 'narrow', [{ Effect: 'Allow', Action: action, Resource: named('site-a') }]);
    const wide = await assumedRole(aws, 'wide', [{ Effect: 'Allow', Action: action, Resource: '*' }]);
    await expect(describeAs(narrow)).rejects.toEqual(denied);
    await expect(describeAs(wide)).resolves.toBeDefined();
  });
});

describe('DynamoDB', () => {
  beforeAll(async () => {
    await new DynamoDBClient(root(aws)).send(
      new CreateTableCommand({
        TableName: 'state',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
  });

  test('dynamodb:LeadingKeys confines every kind of request to its partition keys', async () => {
    const caller = await assumedRole(aws, 'leading-keys', [
      {
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query'],
        Resource: `arn:aws:dynamodb:eu-west-3:${account}:table/state`,
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['hook#*'] } },
      },
    ]);
    const table = new DynamoDBClient(caller);
    const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });
    const put = (pk: string) => ({ Put: { TableName: 'state', Item: key(pk) } });
    const query = (pk: string) =>
      new QueryCommand({
        TableName: 'state',
        KeyConditionExpression: '#p = :p',
        ExpressionAttributeNames: { '#p': 'pk' },
        ExpressionAttributeValues: { ':p': { S: pk } },
      });
    const send = {
      put: (pk: string) => table.send(new PutItemCommand({ TableName: 'state', Item: key(pk) })),
      get: (pk: string) => table.send(new GetItemCommand({ TableName: 'state', Key: key(pk) })),
      query: (pk: string) => table.send(query(pk)),
      transact: (pk: string) => table.send(new TransactWriteItemsCommand({ TransactItems: [put('hook#2'), put(pk)] })),
    };
    for (const request of Object.values(send)) {
      await expect(request('hook#1')).resolves.toBeDefined();
      await expect(request('site#1')).rejects.toEqual(denied);
    }
  });
});

describe('CloudFormation', () => {
  const template = JSON.stringify({
    Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
  });
  const changeSet = (StackName: string, RoleARN?: string) =>
    new CreateChangeSetCommand({
      StackName,
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: template,
      ...(RoleARN === undefined ? {} : { RoleARN }),
    });
  const ours = `arn:aws:cloudformation:eu-west-3:${account}:stack/nextcloud-site-*/*`;

  test('cloudformation:RoleArn and iam:PassRole both decide about the role of an operation', async () => {
    await assumedRole(aws, 'execution', []);
    await assumedRole(aws, 'other', []);
    const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
    const create = {
      Effect: 'Allow',
      Action: 'cloudformation:CreateChangeSet',
      Resource: ours,
      Condition: { StringEquals: { 'cloudformation:RoleArn': role('execution') } },
    } as const;
    const pass = (service: string) =>
      ({
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: role('execution'),
        Condition: { StringEquals: { 'iam:PassedToService': service } },
      }) as const;
    const cloudFormation = (caller: Caller) => new CloudFormationClient(caller);
    const may = cloudFormation(await assumedRole(aws, 'may', [create, pass('cloudformation.amazonaws.com')]));
    const mayNotPass = cloudFormation(await assumedRole(aws, 'may-not', [create]));
    const passesElsewhere = cloudFormation(await assumedRole(aws, 'elsewhere', [create, pass('lambda.amazonaws.com')]));

    await expect(may.send(changeSet('nextcloud-site-a-network', role('execution')))).resolves.toBeDefined();
    await expect(may.send(changeSet('nextcloud-site-a-data'))).rejects.toEqual(denied);
    await expect(may.send(changeSet('nextcloud-site-a-data', role('other')))).rejects.toEqual(denied);
    await expect(may.send(changeSet('another-stack', role('execution')))).rejects.toEqual(denied);
    for (const client of [mayNotPass, passesElsewhere]) {
      await expect(client.send(changeSet('nextcloud-site-a-web', role('execution')))).rejects.toMatchObject({
        name: 'AccessDenied',
        message: expect.stringContaining('iam:PassRole'),
      });
    }
  });

  test('a change set is named by its ARN: the stack that it belongs to is what counts', async () => {
    const made = await new CloudFormationClient(root(aws)).send(changeSet('nextcloud-site-b-network'));
    const other = await new CloudFormationClient(root(aws)).send(changeSet('someone-else'));
    const caller = await assumedRole(aws, 'reads-changes', [
      { Effect: 'Allow', Action: 'cloudformation:DescribeChangeSet', Resource: ours },
    ]);
    const read = (ChangeSetName: string | undefined) =>
      new CloudFormationClient(caller).send(new DescribeChangeSetCommand({ ChangeSetName }));
    await expect(read(made.Id)).resolves.toMatchObject({ StackName: 'nextcloud-site-b-network' });
    await expect(read(other.Id)).rejects.toEqual(denied);
  });

  test('cloudformation:StackPolicyUrl limits which policy may be set', async () => {
    const stack = { StackName: 'nextcloud-site-b-network' };
    const url = (object: string) => `${aws.endpoint}/policies/${object}`;
    const caller = await assumedRole(aws, 'sets-policy', [
      {
        Effect: 'Allow',
        Action: 'cloudformation:SetStackPolicy',
        Resource: ours,
        Condition: { StringEquals: { 'cloudformation:StackPolicyUrl': url('fixed.json') } },
      },
    ]);
    const set = (input: { StackPolicyURL?: string; StackPolicyBody?: string }) =>
      new CloudFormationClient(caller).send(new SetStackPolicyCommand({ ...stack, ...input }));
    await expect(set({ StackPolicyURL: url('any.json') })).rejects.toEqual(denied);
    await expect(set({ StackPolicyBody: '{"Statement":[]}' })).rejects.toEqual(denied);
    // Allowed: what remains wrong is that there is no such object.
    await expect(set({ StackPolicyURL: url('fixed.json') })).rejects.not.toEqual(denied);
  });
});

test("a schedule's group is part of its ARN, and its role is passed to the scheduler", async () => {
  const own = await assumedRole(aws, 'schedule-target', []);
  expect(own.credentials.accessKeyId).not.toBe('');
  await new SchedulerClient(root(aws)).send(new CreateScheduleGroupCommand({ Name: 'ours' }));
  const create = {
    Effect: 'Allow',
    Action: 'scheduler:CreateSchedule',
    Resource: `arn:aws:scheduler:eu-west-3:${account}:schedule/ours/*`,
  } as const;
  const pass = {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: `arn:aws:iam::${account}:role/schedule-target`,
  } as const;
  const schedule = (caller: Caller, GroupName: string) =>
    new SchedulerClient(caller).send(
      new CreateScheduleCommand({
        Name: 'tick',
        GroupName,
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: `arn:aws:sqs:eu-west-3:${account}:bell`,
          RoleArn: `arn:aws:iam::${account}:role/schedule-target`,
        },
      }),
    );
  const may = await assumedRole(aws, 'schedules', [create, pass]);
  await expect(schedule(await assumedRole(aws, 'no-pass', [create]), 'ours')).rejects.toEqual(denied);
  await expect(schedule(may, 'default')).rejects.toEqual(denied);
  await expect(schedule(may, 'ours')).resolves.toBeDefined();
});

test('each parameter that a request names is judged', async () => {
  const ssm = new SSMClient(root(aws));
  for (const Name of ['/ours/a', '/theirs/b']) {
    await ssm.send(new PutParameterCommand({ Name, Value: 'x', Type: 'String' }));
  }
  const caller = await assumedRole(aws, 'parameters', [
    { Effect: 'Allow', Action: 'ssm:GetParameters', Resource: `arn:aws:ssm:eu-west-3:${account}:parameter/ours/*` },
  ]);
  const read = (...Names: string[]) => new SSMClient(caller).send(new GetParametersCommand({ Names }));
  await expect(read('/ours/a')).resolves.toMatchObject({ Parameters: [{ Value: 'x' }] });
  await expect(read('/ours/a', '/theirs/b')).rejects.toEqual(denied);
});

test('a public parameter belongs to no account', async () => {
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
  const reader = async (owner: string) => {
    const Resource = `arn:aws:ssm:eu-west-3:${owner}:parameter/aws/service/*`;
    return new SSMClient(
      await assumedRole(aws, `public-${owner || 'none'}`, [{ Effect: 'Allow', Action: 'ssm:GetParameter*', Resource }]),
    );
  };
  const nobodys = await reader('');
  await expect(nobodys.send(new GetParametersCommand({ Names: [Name] }))).resolves.toMatchObject({
    Parameters: [{ Name, Value: expect.stringMatching(/^ami-/) }],
  });
  await expect(nobodys.send(new GetParameterCommand({ Name }))).resolves.toMatchObject({ Parameter: { Name } });
  const ours = await reader(account);
  await expect(ours.send(new GetParametersCommand({ Names: [Name] }))).rejects.toEqual(denied);
});

test('a queue that refuses plain HTTP takes requests on loopback, and a role may send to its own queue only', async () => {
  const sqs = new SQSClient(root(aws));
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
  const urls: string[] = [];
  for (const QueueName of ['bell', 'other']) {
    const made = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy: JSON.stringify(policy) } }));
    urls.push(made.QueueUrl ?? '');
  }
  const caller = await assumedRole(aws, 'sends', [
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: `arn:aws:sqs:eu-west-3:${account}:bell` },
  ]);
  const send = (QueueUrl: string | undefined) =>
    new SQSClient(caller).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await expect(send(urls[0])).resolves.toBeDefined();
  await expect(send(urls[1])).rejects.toEqual(denied);
  // The grant for one message is the grant for a batch of them.
  const sendBatch = (QueueUrl: string | undefined) =>
    new SQSClient(caller).send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x' }] }));
  await expect(sendBatch(urls[0])).resolves.toBeDefined();
  await expect(sendBatch(urls[1])).rejects.toEqual(denied);
});
