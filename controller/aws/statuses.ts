import { GetItemCommand, PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Statuses } from '../ports/statuses.ts';
import type { HistoryEntry, SiteStatus } from '../status/site-status.ts';
import { parseStatusFile } from '../status/status-file.ts';
import { type Bucket, readText } from './objects.ts';
import { type Item, itemVersion, number, siteKey, type Table } from './table.ts';
import { answered } from './transient.ts';

const writer = 'reconcile';
const prefix = 'status#';
const historyDays = 90;

/** Keys of the files for people. */
export function statusFileKeys(site: string): { readonly status: string; readonly plan: string } {
  return { status: `status/${site}.json`, plan: `status/${site}.plan.md` };
}

/** Status items of the reconcile function in DynamoDB, and the status file in the bucket as what survives the table. */
export function dynamoStatuses(table: Table, bucket: Bucket): Statuses {
  return {
    read: async (site) => {
      const command = new GetItemCommand({
        TableName: table.tableName,
        Key: siteKey(site, `${prefix}${writer}`),
        ConsistentRead: true,
      });
      const { Item } = await answered('GetItem status', table.client.send(command));
      return Item === undefined ? undefined : statusOfItem(Item);
    },
    write: (status, history) => write(table, status, history),
    readFile: async (site) => {
      const text = await readText(bucket, statusFileKeys(site).status);
      return text === undefined ? undefined : parseStatusFile(text);
    },
  };
}

/** What every writer's status item says of a site, in the order of their names. */
export async function readStatusItems(table: Table, site: string): Promise<readonly SiteStatus[]> {
  const { pk } = siteKey(site, prefix);
  const command = new QueryCommand({
    TableName: table.tableName,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk ?? { S: '' }, ':prefix': { S: prefix } },
    ConsistentRead: true,
  });
  const { Items } = await answered('Query status', table.client.send(command));
  return (Items ?? []).flatMap((item) => statusOfItem(item) ?? []);
}

/** The status that a status item holds; undefined for any other item, and for a format that this code does not know. */
export function statusOfItem(item: Readonly<Item>): SiteStatus | undefined {
  const text = item['status']?.S;
  return item['sk']?.S?.startsWith(prefix) && text !== undefined ? parseStatusFile(text) : undefined;
}

async function write(table: Table, status: SiteStatus, history: readonly HistoryEntry[]): Promise<void> {
  const TableName = table.tableName;
  const Item = statusItem(status);
  if (history.length === 0) {
    await answered('PutItem status', table.client.send(new PutItemCommand({ TableName, Item })));
    return;
  }
  const command = new TransactWriteItemsCommand({
    TransactItems: [Item, ...history.map((entry, index) => historyItem(status.site, entry, index))].map((item) => ({
      Put: { TableName, Item: item },
    })),
  });
  await answered('TransactWriteItems status', table.client.send(command));
}

function statusItem(status: SiteStatus): Item {
  return {
    ...siteKey(status.site, `${prefix}${status.writer}`),
    version: itemVersion,
    status: { S: JSON.stringify(status) },
  };
}

function historyItem(site: string, entry: HistoryEntry, index: number): Item {
  const expiresAt = Math.floor(Date.parse(entry.at) / 1000) + historyDays * 86_400;
  return {
    ...siteKey(site, `history#${entry.at}#${index}`),
    version: itemVersion,
    entry: { S: JSON.stringify(entry) },
    expiresAt: number(expiresAt),
  };
}
