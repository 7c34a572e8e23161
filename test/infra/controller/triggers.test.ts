import { describe, expect, test } from 'vitest';
import { ofType, plain, resource } from './template.ts';

const seconds = (idPrefix: string, type: string, property: string) =>
  Number(resource(idPrefix, type).Properties[property]);

describe('queues', () => {
  test('each is encrypted by SQS itself, so that EventBridge delivers, and reached over TLS only', () => {
    const queues = ofType('AWS::SQS::Queue');
    expect(queues).toHaveLength(4);
    for (const [id, { Properties }] of queues) {
      expect(Properties['SqsManagedSseEnabled'], id).toBe(true);
      const policy = plain(resource(id.slice(0, -8), 'AWS::SQS::QueuePolicy').Properties['PolicyDocument']);
      expect(policy, id).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      });
    }
  });

  test("the bell's visibility is at least six times its function's timeout", () => {
    const timeout = seconds('ReconcileFunction', 'AWS::Lambda::Function', 'Timeout');
    expect(seconds('ReconcileBell', 'AWS::SQS::Queue', 'VisibilityTimeout')).toBeGreaterThanOrEqual(6 * timeout);
  });

  test('what the bell cannot deliver goes to dead letters that are kept longer', () => {
    const bell = resource('ReconcileBell', 'AWS::SQS::Queue').Properties;
    expect(plain(bell['RedrivePolicy'])).toMatchObject({
      deadLetterTargetArn: expect.stringMatching(/^<ReconcileDeadLetters/),
      maxReceiveCount: 5,
    });
    const retention = 'MessageRetentionPeriod';
    expect(seconds('ReconcileDeadLetters', 'AWS::SQS::Queue', retention)).toBeGreaterThan(Number(bell[retention]));
  });
});

describe('rules', () => {
  const rules = () =>
    Object.fromEntries(ofType('AWS::Events::Rule').map(([id, each]) => [id.slice(17, -8), each.Properties]));

  test('documents ring the bell, and nothing that the controller writes itself', () => {
    expect(plain(rules()['DocumentRule']?.['EventPattern'])).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created', 'Object Deleted'],
      detail: { bucket: { name: [expect.stringMatching(/^<StorageBucket/)] }, object: { key: [{ prefix: 'sites/' }] } },
    });
  });

  test('stacks of sites ring the bell, and no other stack', () => {
    expect(plain(rules()['StackStatusRule']?.['EventPattern'])).toEqual({
      source: ['aws.cloudformation'],
      'detail-type': ['CloudFormation Stack Status Change'],
      detail: { 'stack-id': [{ prefix: 'arn:aws:cloudformation:eu-west-3:123456789012:stack/nextcloud-site-' }] },
    });
  });

  test('nodes that come or go and alarms that begin or end ring the bell, those of sites alone', () => {
    expect(plain(rules()['GroupRule']?.['EventPattern'])).toMatchObject({
      source: ['aws.autoscaling'],
      detail: { AutoScalingGroupName: [{ prefix: 'nextcloud-site-' }] },
    });
    expect(plain(rules()['AlarmRule']?.['EventPattern'])).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: {
        alarmName: [{ prefix: 'nextcloud-site-' }],
        $or: [{ state: { value: ['ALARM'] } }, { previousState: { value: ['ALARM'] } }],
      },
    });
  });

  test('each keeps what it cannot deliver, and is the only one that its queue lets in', () => {
    const policy = plain(resource('ReconcileBell', 'AWS::SQS::QueuePolicy').Properties['PolicyDocument']);
    for (const [id, { Properties }] of ofType('AWS::Events::Rule')) {
      expect(plain(Properties['Targets'])).toMatchObject([
        {
          Arn: expect.stringMatching(/^<ReconcileBell/),
          DeadLetterConfig: { Arn: expect.stringMatching(/^<UndeliveredEvents/) },
        },
      ]);
      expect(policy).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Action: expect.arrayContaining(['sqs:SendMessage']),
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnEquals: { 'aws:SourceArn': `<${id}.Arn>` } },
          }),
        ]),
      });
    }
  });
});

test.each([
  ['Tick', 'rate(1 minute)', { version: 1, kind: 'tick' }],
  ['Resync', 'rate(10 minutes)', { version: 1, kind: 'resync' }],
])('%s rings the bell at %s', (name, expression, message) => {
  const { Properties } = resource(`ReconcileTriggers${name}`, 'AWS::Scheduler::Schedule');
  expect(Properties['ScheduleExpression']).toBe(expression);
  const target = plain(Properties['Target']) as { Input: string; Arn: string; DeadLetterConfig: { Arn: string } };
  expect(JSON.parse(target.Input)).toEqual(message);
  expect(target.Arn).toMatch(/^<ReconcileBell/);
  expect(target.DeadLetterConfig.Arn).toMatch(/^<UndeliveredEvents/);
});
