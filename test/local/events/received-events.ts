import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LocalAws } from '../../../local/local-aws.ts';
import { root } from '../iam/assumed-role.ts';

/** An event as a rule's target receives it. */
export type ReceivedEvent = {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: Record<string, unknown>;
};

/** Send what matches a pattern on the default bus to a queue; gives what has arrived since it was last asked. */
export async function collectEvents(
  aws: LocalAws,
  name: string,
  pattern: object,
): Promise<() => Promise<ReceivedEvent[]>> {
  const sqs = new SQSClient(root(aws));
  const events = new EventBridgeClient(root(aws));
  const arn = `arn:aws:sqs:${aws.region}:000000000000:${name}`;
  const allow = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arn,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow] });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn: arn }] }));
  return async () => {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { ReceiptHandle } of Messages ?? [])
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return (Messages ?? []).map((message) => JSON.parse(message.Body ?? '{}'));
  };
}
