import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Announcement } from '../status/site-event.ts';
import { answered } from './transient.ts';

/** Publishes to the controller's topic. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function snsPublisher(client: Pick<SNSClient, 'send'>, topicArn: string) {
  return async ({ subject, body, attributes }: Announcement): Promise<void> => {
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subjectText(subject),
      Message: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    });
    await answered('Publish', client.send(command));
  };
}

/** At most 100 printable ASCII characters, no line breaks. */
function subjectText(subject: string): string {
  return subject.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 100);
}
