import { expect, test } from 'vitest';
import { ofType, plain, resource } from './template.ts';

const alarms = () =>
  Object.fromEntries(ofType('AWS::CloudWatch::Alarm').map(([id, each]) => [id.slice(6, -8), plain(each.Properties)]));

test('a person hears of everything that needs one', () => {
  expect(Object.keys(alarms()).sort()).toEqual([
    'NotificationsAreLate',
    'NotifyFails',
    'NotifyFailuresAreNotEmpty',
    'ReconcileDeadLettersAreNotEmpty',
    'ReconcileFails',
    'RenderFails',
    'ResyncsDoNotComplete',
    'UndeliveredEventsAreNotEmpty',
  ]);
  for (const alarm of Object.values(alarms())) {
    expect(alarm).toMatchObject({
      AlarmActions: [expect.stringMatching(/^<NotificationsTopic/)],
      OKActions: [expect.stringMatching(/^<NotificationsTopic/)],
      AlarmDescription: expect.stringMatching(/\S/),
    });
  }
});

test('a controller that does nothing at all is in alarm', () => {
  expect(alarms()['ResyncsDoNotComplete']).toMatchObject({
    Namespace: 'NextcloudGitops',
    MetricName: 'ResyncCompleted',
    Dimensions: [{ Name: 'service', Value: 'reconcile' }],
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'breaching',
  });
});

test('CloudWatch and EventBridge can publish to the encrypted topic, of this account only', () => {
  const key = plain(resource('Notifications', 'AWS::KMS::Key').Properties['KeyPolicy']);
  const policy = plain(resource('Notifications', 'AWS::SNS::TopicPolicy').Properties['PolicyDocument']);
  const allowed = {
    Effect: 'Allow',
    Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
    Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
  };
  expect(key).toMatchObject({
    Statement: expect.arrayContaining([
      expect.objectContaining({ ...allowed, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]),
  });
  expect(policy).toMatchObject({
    Statement: expect.arrayContaining([expect.objectContaining({ ...allowed, Action: 'sns:Publish' })]),
  });
});
