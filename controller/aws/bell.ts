import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { TransientError } from '../ports/errors.ts';
import type { Bell } from '../ports/work-rows.ts';
import { answered } from './transient.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const messagesPerCall = 10;

/** A function's queue through the SDK. A message says which site to look at, nothing else. */
export function sqsBell(client: Pick<SQSClient, 'send'>, queueUrl: string): Bell {
  return {
    ring: async (sites, delaySeconds) => {
      const distinct = [...new Set(sites)];
      for (let start = 0; start < distinct.length; start += messagesPerCall) {
        await send(client, queueUrl, distinct.slice(start, start + messagesPerCall), delaySeconds);
      }
    },
  };
}

async function send(
  client: Pick<SQSClient, 'send'>,
  queueUrl: string,
  sites: readonly string[],
  delaySeconds: number,
): Promise<void> {
  const command = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: sites.map((site, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ version: 1, kind: 'site', site }),
      DelaySeconds: delaySeconds,
    })),
  });
  const { Failed } = await answered('SendMessageBatch', client.send(command));
  const first = Failed?.[0];
  if (!first) return;
  const message = `SendMessageBatch: ${Failed?.length} of ${sites.length} messages refused: ${first.Code}: ${first.Message}`;
  if (first.SenderFault) throw new Error(message);
  throw new TransientError(message);
}
