import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DeletePolicyCommand,
  PutScalingPolicyCommand,
} from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqsBell } from '../../../controller/aws/bell.ts';
import { autoScalingCapacity } from '../../../controller/aws/capacity.ts';
import { ssmImages } from '../../../controller/aws/images.ts';
import { dynamoStatuses, readStatusItems } from '../../../controller/aws/statuses.ts';
import { readTold, rememberTold } from '../../../controller/aws/told.ts';
import { dynamoWorkRows } from '../../../controller/aws/work-rows.ts';
import { cpuPolicyName } from '../../../controller/ports/capacity.ts';
import { newsOf } from '../../../controller/status/news.ts';
import type { HistoryEntry } from '../../../controller/status/site-status.ts';
import { nothingTold } from '../../../controller/status/told.ts';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { statusOf } from '../status/status-of-test.ts';
import { localClient } from './local-clients.ts';
import { createTable } from './table-of-test.ts';

let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.stop());

describe('bell', () => {
  async function queue(name: string): Promise<{ client: SQSClient; url: string }> {
    const client = new SQSClient(localClient(aws));
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name }));
    return { client, url: QueueUrl ?? '' };
  }

  async function bodies(client: SQSClient, url: string): Promise<string[]> {
    const found: string[] = [];
    for (;;) {
      const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
      if (!Messages || Messages.length === 0) return found.sort();
      found.push(...Messages.map(({ Body }) => Body ?? ''));
    }
  }

  it('rings once a site, for more sites than one call takes', async () => {
    const { client, url } = await queue('bell');
    const sites = Array.from({ length: 23 }, (_, index) => `site-${index}`);
    await sqsBell(client, url).ring([...sites, 'site-0'], 0);
    const expected = sites.map((site) => JSON.stringify({ version: 1, kind: 'site', site })).sort();
    expect(await bodies(client, url)).toEqual(expected);
  });

  it('rings later when asked to, and not at all for nobody', async () => {
    const { client, url } = await queue('later');
    await sqsBell(client, url).ring(['production'], 900);
    await sqsBell(client, url).ring([], 0);
    expect(await bodies(client, url)).toEqual([]);
  });
});

describe('images', () => {
  it('resolves what exists and leaves out what does not, whatever the number of names', async () => {
    const client = new SSMClient(localClient(aws));
    const names = Array.from({ length: 12 }, (_, index) => `/images/${index}`);
    for (const [index, Name] of names.entries()) {
      await client.send(new PutParameterCommand({ Name, Type: 'String', Value: `ami-0000000${index}` }));
    }
    const found = await ssmImages(client).resolve([...names, '/images/none', '/images/0']);
    expect(Object.keys(found).sort()).toEqual([...names].sort());
    expect(found['/images/11']).toBe('ami-000000011');
    expect(await ssmImages(client).resolve([])).toEqual({});
  });
});

describe('statuses', () => {
  const at = '2026-11-25T03:00:00.000Z';
  const entry: HistoryEntry = { at, revision: 'abc1234', reason: 'Succeeded', message: 'applied' };
  const status = statusOf({ site: 'production', history: [entry], updatedAt: at });
  const log = { warn: () => {} };

  it('writes the status with its history together, and reads it back', async () => {
    const client = new DynamoDBClient(localClient(aws));
    await createTable(client, 'statuses');
    const table = { client, tableName: 'statuses' };
    const statuses = dynamoStatuses(table, { client: new S3Client(localClient(aws)), bucketName: 'none' }, log);
    expect(await statuses.read('production')).toBeUndefined();
    await statuses.write(status, [entry, { ...entry, message: 'twice in one look' }]);
    await statuses.write({ ...status, sync: 'OutOfSync' }, []);
    expect(await statuses.read('production')).toEqual({ ...status, sync: 'OutOfSync' });
    expect(await readStatusItems(table, 'production', log)).toEqual([{ ...status, sync: 'OutOfSync' }]);
    const history = await client.send(
      new QueryCommand({
        TableName: 'statuses',
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :history)',
        ExpressionAttributeValues: { ':pk': { S: 'site#production' }, ':history': { S: 'history#' } },
      }),
    );
    expect(history.Items?.map(({ entry: text }) => JSON.parse(text?.S ?? '').message)).toEqual([
      'applied',
      'twice in one look',
    ]);
    expect(history.Items?.[0]?.['expiresAt']?.N).toBe(String(Date.parse(at) / 1000 + 90 * 86_400));
  });

  it.each([
    ['no text', undefined],
    ['half a text', '{"formatVersion":1,"memory":{"lay'],
    [
      'of another format',
      JSON.stringify({ ...status, formatVersion: 2, memory: { ...status.memory, formatVersion: 2 } }),
    ],
    [
      'with a field of another type',
      JSON.stringify({ ...status, conditions: [{ type: 'Ready' }], layers: 3, words: 4 }),
    ],
  ])('takes items that are %s as missing, and says so in the log', async (name, text) => {
    const client = new DynamoDBClient(localClient(aws));
    const table = { client, tableName: `unreadable-${name.replaceAll(' ', '-')}` };
    await createTable(client, table.tableName);
    const value = text === undefined ? {} : { status: { S: text }, told: { S: text }, memory: { S: text } };
    for (const sk of ['status#reconcile', 'notified', 'work']) {
      const Item = { pk: { S: 'site#production' }, sk: { S: sk }, version: { N: '1' }, ...value };
      await client.send(new PutItemCommand({ TableName: table.tableName, Item }));
    }
    const warnings: unknown[] = [];
    const noting = { warn: (_: string, facts?: object) => warnings.push(facts) };
    const statuses = dynamoStatuses(table, { client: new S3Client(localClient(aws)), bucketName: 'none' }, noting);
    expect(await statuses.read('production')).toBeUndefined();
    expect(await readStatusItems(table, 'production', noting)).toEqual([]);
    expect(await readTold(table, 'production', noting)).toEqual(nothingTold);
    expect(warnings).toEqual([
      { site: 'production', item: 'status#reconcile' },
      { site: 'production', item: 'status#reconcile' },
      { site: 'production', item: 'notified' },
    ]);
    const taken = await dynamoWorkRows(table).lease('production', 'holder', 0, 1_000);
    expect(taken).toMatchObject({ kind: 'leased', row: { site: 'production' } });
    expect(taken).not.toHaveProperty('row.memory');
  });

  it('remembers what was told', async () => {
    const client = new DynamoDBClient(localClient(aws));
    await createTable(client, 'told');
    const table = { client, tableName: 'told' };
    expect(await readTold(table, 'production', log)).toEqual(nothingTold);
    const { told } = newsOf(status, nothingTold);
    await rememberTold(table, 'production', told);
    expect(await readTold(table, 'production', log)).toEqual(told);
    expect(told).not.toEqual(nothingTold);
  });
});

describe('capacity', () => {
  it('reads a group, sets its bounds and puts its CPU policy', async () => {
    const config = localClient(aws);
    const client = new AutoScalingClient(config);
    const capacity = autoScalingCapacity(client);
    expect(await capacity.describe('web')).toEqual({ kind: 'absent' });
    const { LaunchTemplate } = await new EC2Client(config).send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: 'ami-00000001', InstanceType: 't4g.micro' },
      }),
    );
    await client.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        MinSize: 0,
        MaxSize: 0,
        AvailabilityZones: ['eu-west-3a'],
        LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: '1' },
      }),
    );
    expect(await capacity.describe('web')).toEqual({
      kind: 'present',
      name: 'web',
      min: 0,
      max: 0,
      desired: 0,
      instances: [],
      launchTemplateVersion: '1',
    });
    await capacity.setBounds('web', { min: 0, max: 4 });
    await capacity.putCpuPolicy('web', 55);
    expect(await capacity.describe('web')).toMatchObject({ min: 0, max: 4, cpuPolicy: { targetPercent: 55 } });
    await capacity.putCpuPolicy('web', 60);
    expect(await capacity.describe('web')).toMatchObject({ cpuPolicy: { targetPercent: 60 } });
    await client.send(new DeletePolicyCommand({ AutoScalingGroupName: 'web', PolicyName: cpuPolicyName }));
    await client.send(
      new PutScalingPolicyCommand({
        AutoScalingGroupName: 'web',
        PolicyName: cpuPolicyName,
        PolicyType: 'SimpleScaling',
        AdjustmentType: 'ChangeInCapacity',
        ScalingAdjustment: 1,
      }),
    );
    expect(await capacity.describe('web')).not.toHaveProperty('cpuPolicy');
  });
});
