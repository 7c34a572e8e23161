import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/**
 * The topic that notifications and alarms go to.
 *
 * With the key that AWS manages for SNS, deliveries of CloudWatch and EventBridge are lost without a trace: its policy cannot allow them. So
 * the topic has a key of its own: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class Notifications extends Construct {
  readonly topic: sns.Topic;
  readonly key: kms.Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const account = Stack.of(this).account;
    const services = ['cloudwatch.amazonaws.com', 'events.amazonaws.com'].map(
      (name) => new iam.ServicePrincipal(name, { conditions: { StringEquals: { 'aws:SourceAccount': account } } }),
    );
    this.key = new kms.Key(this, 'Key', {
      description: 'Encrypts the notifications of nextcloud-gitops',
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      // It encrypts messages on their way only: nothing is lost with it.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = new sns.Topic(this, 'Topic', {
      displayName: 'nextcloud-gitops',
      masterKey: this.key,
      enforceSSL: true,
    });
    for (const service of services) {
      this.key.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [service],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          // In a key's policy this is the key itself.
          resources: ['*'],
        }),
      );
      this.topic.addToResourcePolicy(
        new iam.PolicyStatement({ principals: [service], actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
      );
    }
  }
}
