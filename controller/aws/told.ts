import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Log } from '../ports/observability.ts';
import { nothingTold, parseTold, type Told } from '../status/told.ts';
import { itemVersion, siteKey, type Table, updateItem } from './table.ts';
import { answered } from './transient.ts';

const sk = 'notified';

/** What was told of a site last; nothing when it was never told of, or when the item is unreadable, which is logged. */
export async function readTold({ client, tableName }: Table, site: string, log: Pick<Log, 'warn'>): Promise<Told> {
  const command = new GetItemCommand({ TableName: tableName, Key: siteKey(site, sk), ConsistentRead: true });
  const { Item } = await answered('GetItem notified', client.send(command));
  if (Item === undefined) return nothingTold;
  const told = Item['version']?.N === itemVersion.N ? parseTold(Item['told']?.S ?? '') : undefined;
  if (told === undefined) log.warn('item not readable, taken as missing', { site, item: sk });
  return told ?? nothingTold;
}

/** Remembers what was told. Of two writers the last one stays: an event is then told twice, never lost. */
export async function rememberTold(table: Table, site: string, told: Told): Promise<void> {
  await updateItem(table, {
    Key: siteKey(site, sk),
    UpdateExpression: 'SET told = :told, version = :version',
    ExpressionAttributeValues: { ':told': { S: JSON.stringify(told) }, ':version': itemVersion },
  });
}
