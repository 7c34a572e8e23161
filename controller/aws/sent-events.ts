import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { SentEvents } from '../status/notification.ts';
import { itemVersion, number, siteKey, type Table, updateItem } from './table.ts';
import { answered } from './transient.ts';

const sk = 'notified';
/** Nothing in it counts for longer than minutes. */
const keepSeconds = 86_400;

/** When each of a site's events was published last; empty when nothing was, or when the item is unreadable. */
export async function readSentEvents({ client, tableName }: Table, site: string): Promise<SentEvents> {
  const command = new GetItemCommand({ TableName: tableName, Key: siteKey(site, sk), ConsistentRead: true });
  const { Item } = await answered('GetItem notified', client.send(command));
  const text = Item?.['version']?.N === itemVersion.N ? Item?.['sent']?.S : undefined;
  return text === undefined ? {} : (JSON.parse(text) as SentEvents);
}

/** Remembers what was published. Of two writers the last one stays: an event is then told twice, never lost. */
export async function rememberSentEvents(table: Table, site: string, sent: SentEvents): Promise<void> {
  const newest = Math.max(0, ...Object.values(sent));
  await updateItem(table, {
    Key: siteKey(site, sk),
    UpdateExpression: 'SET sent = :sent, version = :version, expiresAt = :expiresAt',
    ExpressionAttributeValues: {
      ':sent': { S: JSON.stringify(sent) },
      ':version': itemVersion,
      ':expiresAt': number(Math.floor(newest / 1_000) + keepSeconds),
    },
  });
}
