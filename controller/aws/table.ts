import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { answered } from './transient.ts';

/**
 * The controller's one table: partition key `pk` = `site#<name>`, sort key `sk` = `work`, `status#<writer>`, `notified` or
 * `history#<time>#<n>`. The sparse index `due` (partition key `dueKey`, sort key `dueAt` in epoch milliseconds) holds the
 * work rows that have a time to look again. `expiresAt` (epoch seconds) is the time to live of the last.
 */
export interface Table {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
}

/** Version of the items that this code writes; the previous one stays readable. */
export const itemVersion = { N: '1' } as const satisfies AttributeValue;

export type Item = Record<string, AttributeValue>;

const sitePrefix = 'site#';

/** Key of one of a site's items. */
export function siteKey(site: string, sk: string): Item {
  return { pk: { S: `${sitePrefix}${site}` }, sk: { S: sk } };
}

/** The site that an item belongs to; undefined when its key is not a site's. */
export function siteOfItem(item: Readonly<Item>): string | undefined {
  const pk = item['pk']?.S;
  return pk?.startsWith(sitePrefix) ? pk.slice(sitePrefix.length) : undefined;
}

/** What a conditional write gave: the new item, or the item that did not meet the condition (undefined: there is none). */
export type ConditionalWrite =
  | { readonly written: true; readonly item: Readonly<Item> }
  | { readonly written: false; readonly item: Readonly<Item> | undefined };

/** One conditional UpdateItem; a condition that fails is an outcome, not an error. */
export async function updateItem(
  table: Table,
  input: Omit<UpdateItemCommandInput, 'TableName' | 'ReturnValues' | 'ReturnValuesOnConditionCheckFailure'>,
): Promise<ConditionalWrite> {
  const command = new UpdateItemCommand({
    ...input,
    TableName: table.tableName,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const { Attributes } = await answered('UpdateItem', table.client.send(command));
    return { written: true, item: Attributes ?? {} };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { written: false, item: error.Item };
    throw error;
  }
}

/** A number attribute. */
export function number(value: number): AttributeValue {
  return { N: String(value) };
}

/** The value of a number attribute, if it is there. */
export function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N);
}
