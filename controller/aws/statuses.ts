import { GetItemCommand, PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Log } from '../ports/observability.ts';
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

/**
 * Status items of the reconcile function in DynamoDB, and the status file in the bucket as what survives the table. One that is
 * there and cannot be read is logged and taken as missing: the next look writes it anew.
 */
export function dynamoStatuses(table: Table, bucket: Bucket, log: Pick<Log, 'warn'>): Statuses {
  return {
    read: async (site) => {
      const command = new GetItemCommand({
        TableName: table.tableName,
        Key: siteKey(site, `${prefix}${writer}`),
        ConsistentRead: true,
      });
      const { Item } = await answered('GetItem status', table.client.send(command));
      return Item === undefined ? undefined : readable(statusOfItem(Item), { site, item: `${prefix}${writer}` }, log);
    },
    write: (status, history) => write(table, status, history),
    readFile: async (site) => {
      const key = statusFileKeys(site).status;
      const text = await readText(bucket, key);
      return text === undefined ? undefined : readable(parseStatusFile(text), { site, key }, log);
    },
  };
}

/** What every writer's status item says of a site, in the order of their names; one that cannot be read is logged and left out. */
export async function readStatusItems(
  table: Table,
  site: string,
  log: Pick<Log, 'warn'>,
): Promise<readonly SiteStatus[]> {
  const { pk } = siteKey(site, prefix);
  const command = new QueryCommand({
    TableName: table.tableName,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk ?? { S: '' }, ':prefix': { S: prefix } },
    ConsistentRead: true,
  });
  const { Items } = await answered('Query status', table.client.send(command));
  return (Items ?? []).flatMap((item) => readable(statusOfItem(item), { site, item: item['sk']?.S }, log) ?? []);
}

function readable(
  status: SiteStatus | undefined,
  where: Readonly<Record<string, unknown>>,
  log: Pick<Log, 'warn'>,
): SiteStatus | undefined {
  if (status === undefined) log.warn('status not readable, taken as missing', where);
  return status;
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
