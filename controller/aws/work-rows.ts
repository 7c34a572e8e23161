import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { TransientError } from '../ports/errors.ts';
import type { Lease, LeaseOutcome, ReleaseOutcome, WorkRows } from '../ports/work-rows.ts';
import type { SiteMemory } from '../reconcile/memory.ts';
import { itemVersion, number, numberOf, siteKey, siteOfItem, type Table, updateItem } from './table.ts';
import { answered } from './transient.ts';
import { leaseOf, memoryText, workRowOf } from './work-row-item.ts';

/** One partition: a site is one small item in it, and 1,000 sites due at once are one query. */
const dueKey = { S: 'reconcile' };

/** A row can change hands between two of our writes; more often than this is contention, and for later. */
const attempts = 3;

/**
 * Work rows in DynamoDB. While a row is leased its dueAt is the lease's end, so that the tick finds what a dead holder
 * left behind. A row is leased while `holder` is there; `dirtyAt` says since when somebody waits for another look.
 */
export function dynamoWorkRows(table: Table): WorkRows {
  return {
    lease: (site, holder, now, leaseMs, requestedAt) => lease(table, { site, holder, now, leaseMs, requestedAt }),
    remember: (held, memory) => remember(table, held, memory),
    release: (held, memory, dueAt) => release(table, held, memory, dueAt),
    mark: (site, dueAt) => mark(table, site, dueAt),
    due: async (now, limit) => (await dueRows(table, now, limit)).map(({ site }) => site),
  };
}

interface LeaseRequest {
  readonly site: string;
  readonly holder: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly requestedAt: string | undefined;
}

async function lease(table: Table, request: LeaseRequest): Promise<LeaseOutcome> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const taken = await take(table, request);
    if (taken) return taken;
    if (await markDirty(table, request.site, request.now, request.requestedAt)) return { kind: 'held' };
  }
  throw new TransientError(`The work row of site ${request.site} changes hands too quickly: look again.`);
}

async function take(table: Table, request: LeaseRequest): Promise<LeaseOutcome | undefined> {
  const { site, holder, now, leaseMs, requestedAt } = request;
  const requested = requestedAt === undefined ? '' : ', requestedAt = :requestedAt';
  const outcome = await updateItem(table, {
    Key: siteKey(site, 'work'),
    UpdateExpression:
      'SET generation = if_not_exists(generation, :zero) + :one, holder = :holder, leaseUntil = :until, ' +
      `dueKey = :dueKey, dueAt = :until, version = :version${requested} REMOVE dirtyAt`,
    // Held by this very look: the SDK has repeated a write whose answer was lost.
    ConditionExpression: 'attribute_not_exists(holder) OR leaseUntil <= :now OR holder = :holder',
    ExpressionAttributeValues: {
      ':zero': number(0),
      ':one': number(1),
      ':holder': { S: holder },
      ':until': number(now + leaseMs),
      ':now': number(now),
      ':dueKey': dueKey,
      ':version': itemVersion,
      ...(requestedAt === undefined ? {} : { ':requestedAt': { S: requestedAt } }),
    },
  });
  if (!outcome.written) return undefined;
  const row = workRowOf(site, outcome.item);
  return { kind: 'leased', lease: { site, holder, generation: row.generation }, row };
}

/** False: the row is not leased any more, so that nobody would see the mark. */
async function markDirty(table: Table, site: string, at: number, requestedAt?: string): Promise<boolean> {
  const requested = requestedAt === undefined ? '' : ', requestedAt = :requestedAt';
  const outcome = await updateItem(table, {
    Key: siteKey(site, 'work'),
    UpdateExpression: `SET dirtyAt = if_not_exists(dirtyAt, :at)${requested}`,
    ConditionExpression: 'attribute_exists(holder)',
    ExpressionAttributeValues: {
      ':at': number(at),
      ...(requestedAt === undefined ? {} : { ':requestedAt': { S: requestedAt } }),
    },
  });
  return outcome.written;
}

const heldByUs = 'generation = :generation AND holder = :holder';

function heldByUsValues({ generation, holder }: Lease) {
  return { ':generation': number(generation), ':holder': { S: holder } };
}

async function remember(table: Table, held: Lease, memory: SiteMemory): Promise<boolean> {
  const outcome = await updateItem(table, {
    Key: siteKey(held.site, 'work'),
    UpdateExpression: 'SET memory = :memory, version = :version',
    ConditionExpression: heldByUs,
    ExpressionAttributeValues: {
      ':memory': { S: memoryText(memory) },
      ':version': itemVersion,
      ...heldByUsValues(held),
    },
  });
  return outcome.written;
}

async function release(
  table: Table,
  held: Lease,
  memory: SiteMemory,
  dueAt: number | undefined,
): Promise<ReleaseOutcome> {
  const clean = await giveBack(table, held, memory, dueAt, `${heldByUs} AND attribute_not_exists(dirtyAt)`);
  if (clean.written) return { kind: 'released' };
  const dirtyAt = leaseOf(clean.item, held) ? numberOf(clean.item?.['dirtyAt']) : undefined;
  if (dirtyAt === undefined) return { kind: 'lost' };
  // Due since it was rung, so that the age of what is due tells the truth.
  const dirty = await giveBack(table, held, memory, dirtyAt, heldByUs);
  return { kind: dirty.written ? 'dirty' : 'lost' };
}

function giveBack(table: Table, held: Lease, memory: SiteMemory, dueAt: number | undefined, condition: string) {
  const [set, remove] = dueAt === undefined ? ['', ', dueKey, dueAt'] : [', dueKey = :dueKey, dueAt = :dueAt', ''];
  return updateItem(table, {
    Key: siteKey(held.site, 'work'),
    UpdateExpression: `SET memory = :memory, version = :version${set} REMOVE holder, leaseUntil, dirtyAt${remove}`,
    ConditionExpression: condition,
    ExpressionAttributeValues: {
      ':memory': { S: memoryText(memory) },
      ':version': itemVersion,
      ...heldByUsValues(held),
      ...(dueAt === undefined ? {} : { ':dueKey': dueKey, ':dueAt': number(dueAt) }),
    },
  });
}

async function mark(table: Table, site: string, dueAt: number): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const outcome = await updateItem(table, {
      Key: siteKey(site, 'work'),
      UpdateExpression: 'SET dueKey = :dueKey, dueAt = :dueAt, version = :version',
      ConditionExpression: 'attribute_not_exists(holder) AND (attribute_not_exists(dueAt) OR dueAt > :dueAt)',
      ExpressionAttributeValues: { ':dueKey': dueKey, ':dueAt': number(dueAt), ':version': itemVersion },
    });
    // Due already, and earlier: nothing to do.
    if (outcome.written || outcome.item?.['holder'] === undefined) return;
    if (await markDirty(table, site, dueAt)) return;
  }
  throw new TransientError(`The work row of site ${site} changes hands too quickly: mark it again.`);
}

/** A site that is due, and since when. */
export interface DueRow {
  readonly site: string;
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

/** What is due, earliest first. */
export async function dueRows(table: Table, now: number, limit: number): Promise<readonly DueRow[]> {
  const command = new QueryCommand({
    TableName: table.tableName,
    IndexName: 'due',
    KeyConditionExpression: 'dueKey = :dueKey AND dueAt <= :now',
    ExpressionAttributeValues: { ':dueKey': dueKey, ':now': number(now) },
    Limit: limit,
  });
  const { Items } = await answered('Query due', table.client.send(command));
  return (Items ?? []).flatMap((item) => {
    const site = siteOfItem(item);
    return site === undefined ? [] : [{ site, dueAt: numberOf(item['dueAt']) ?? now }];
  });
}
