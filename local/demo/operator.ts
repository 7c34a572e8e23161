import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import type { ControllerOutputs } from './controller.ts';
import type { OperatorClients } from './stage.ts';

/** A notification, as it reaches a subscriber of the controller's topic. */
export interface Notification {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject?: unknown;
}

/** What a person who operates sites does: commit and remove documents, read the status, hear notifications. */
export interface Operator {
  /** Until git-sync exists, to commit is to put the document into the bucket. Gives the version id, its revision. */
  commit(site: string, text: string): Promise<string>;
  remove(site: string): Promise<void>;
  status(site: string): Promise<SiteStatus | undefined>;
  /** Asks for a look now, as `ncctl reconcile` does; the token is echoed in the status once it is handled. */
  requestLook(site: string, requestedAt: string): Promise<void>;
  /** The notifications that arrived since the last call. */
  notifications(): Promise<readonly Notification[]>;
}

/** The text of a document of this repository. */
export function referenceDocument(name: 'production' | 'small'): Promise<string> {
  return readFile(fileURLToPath(new URL(`../../desired-state/sites/${name}.json`, import.meta.url)), 'utf8');
}

/** Subscribes a queue of the operator's own to the controller's topic, and gives what the operator can do. */
export async function operate(clients: OperatorClients, outputs: ControllerOutputs): Promise<Operator> {
  const queueUrl = await subscribe(clients, outputs.topicArn);
  const Bucket = outputs.bucketName;
  return {
    async commit(site, text) {
      const put = new PutObjectCommand({
        Bucket,
        Key: `sites/${site}.json`,
        Body: text,
        ContentType: 'application/json',
      });
      const { VersionId } = await clients.s3.send(put);
      if (!VersionId) throw new Error(`the bucket ${Bucket} gave no version id: is it versioned?`);
      return VersionId;
    },
    async remove(site) {
      await clients.s3.send(new DeleteObjectCommand({ Bucket, Key: `sites/${site}.json` }));
    },
    async status(site) {
      try {
        const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key: `status/${site}.json` }));
        return Body ? (JSON.parse(await Body.transformToString()) as SiteStatus) : undefined;
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async requestLook(site, requestedAt) {
      const MessageBody = JSON.stringify({ version: 1, kind: 'manual', site, requestedAt });
      await clients.sqs.send(new SendMessageCommand({ QueueUrl: outputs.reconcileQueueUrl, MessageBody }));
    },
    notifications: () => receive(clients, queueUrl),
  };
}

async function subscribe(clients: OperatorClients, topicArn: string): Promise<string> {
  const QueueName = 'operator-notifications';
  const [, , , region, account] = topicArn.split(':');
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: `arn:aws:sqs:${region}:${account}:${QueueName}`,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  };
  const { QueueUrl } = await clients.sqs.send(
    new CreateQueueCommand({ QueueName, Attributes: { Policy: JSON.stringify(policy) } }),
  );
  if (!QueueUrl) throw new Error('SQS gave no URL for the queue of notifications');
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await clients.sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  return QueueUrl;
}

async function receive(clients: OperatorClients, QueueUrl: string): Promise<readonly Notification[]> {
  const { Messages } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
  );
  return (Messages ?? []).map((message) => JSON.parse(message.Body ?? '{}') as Notification);
}
