import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { Fn } from 'aws-cdk-lib/core';
import { iamArn } from './arn.ts';
import { policyDocument } from './iam.ts';
import type { LayerStack } from './layer-stack.ts';
import { retain } from './protection.ts';
import { nameTag } from './tags.ts';

/** Services whose notifications the topic carries: alarms and events. */
const publishers = ['cloudwatch.amazonaws.com', 'events.amazonaws.com'];

/**
 * Where a site's alarms go. Encrypted with a key of its own: the key that SNS owns lets no alarm through, without a word.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function addAlarmTopic(stack: LayerStack): CfnTopic {
  const { site } = stack;
  const ourAccount = { StringEquals: { 'aws:SourceAccount': Fn.ref('AWS::AccountId') } };
  const key = new CfnKey(stack, 'AlarmTopicKey', {
    description: `Alarms of the Nextcloud site ${site.name}`,
    enableKeyRotation: true,
    keyPolicy: policyDocument(
      {
        Sid: 'Administration',
        Effect: 'Allow',
        Principal: { AWS: iamArn('root') },
        Action: 'kms:*',
        Resource: '*',
      },
      {
        Sid: 'Publishers',
        Effect: 'Allow',
        Principal: { Service: publishers },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: ourAccount,
      },
    ),
    tags: nameTag(site, 'alarms'),
  });
  retain(key);
  const topic = new CfnTopic(stack, 'AlarmTopic', {
    displayName: `Nextcloud ${site.name}`,
    kmsMasterKeyId: key.ref,
    tags: nameTag(site, 'alarms'),
  });
  new CfnTopicPolicy(stack, 'AlarmTopicPolicy', {
    topics: [topic.ref],
    policyDocument: policyDocument(
      {
        Sid: 'Publishers',
        Effect: 'Allow',
        Principal: { Service: publishers },
        Action: 'sns:Publish',
        Resource: topic.ref,
        Condition: ourAccount,
      },
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Resource: topic.ref,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ),
  });
  if (site.monitoring.alarmEmail !== undefined) {
    new CfnSubscription(stack, 'AlarmEmail', {
      topicArn: topic.ref,
      protocol: 'email',
      endpoint: site.monitoring.alarmEmail,
    });
  }
  stack.output('AlarmTopicArn', topic.ref, "Topic of the site's alarms");
  return topic;
}
