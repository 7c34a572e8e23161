import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoWorkRows } from '../../../controller/aws/work-rows.ts';
import type { Lease, LeaseOutcome, WorkRows } from '../../../controller/ports/work-rows.ts';
import { emptyMemory, type SiteMemory } from '../../../controller/reconcile/memory.ts';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { localClient } from './local-clients.ts';
import { createTable } from './table-of-test.ts';

const leaseMs = 90_000;
const memory: SiteMemory = { ...emptyMemory, lastFailedRevision: 'abc1234' };

let aws: LocalAws;
let rows: WorkRows;
let sites = 0;

beforeAll(async () => {
  aws = await startLocalAws();
  const client = new DynamoDBClient(localClient(aws));
  await createTable(client, 'controller');
  rows = dynamoWorkRows({ client, tableName: 'controller' });
});
afterAll(() => aws.stop());

/** A site that no other test uses. */
function newSite(): string {
  sites += 1;
  return `site-${sites}`;
}

function leased(outcome: LeaseOutcome): Lease {
  if (outcome.kind !== 'leased') throw new Error(`not leased: ${outcome.kind}`);
  return outcome.lease;
}

describe('lease', () => {
  it('creates a missing row, without memory, as generation 1', async () => {
    const site = newSite();
    expect(await rows.lease(site, 'a', 1_000, leaseMs)).toEqual({
      kind: 'leased',
      lease: { site, holder: 'a', generation: 1 },
      row: { site, generation: 1 },
    });
  });

  it('refuses a second holder, who marks the row dirty instead', async () => {
    const site = newSite();
    const lease = leased(await rows.lease(site, 'a', 1_000, leaseMs));
    expect(await rows.lease(site, 'b', 2_000, leaseMs)).toEqual({ kind: 'held' });
    expect(await rows.release(lease, memory, 500_000)).toEqual({ kind: 'dirty' });
    expect(await rows.due(2_000, 100)).toContain(site);
  });

  it('is given again to the look that has it: its first answer may have been lost', async () => {
    const site = newSite();
    await rows.lease(site, 'a', 1_000, leaseMs);
    const again = leased(await rows.lease(site, 'a', 1_001, leaseMs));
    expect(again.generation).toBe(2);
    expect(await rows.release(again, memory, 500_000)).toEqual({ kind: 'released' });
  });

  it('has exactly one winner among many at once', async () => {
    const site = newSite();
    const holders = Array.from({ length: 20 }, (_, index) => `holder-${index}`);
    const outcomes = await Promise.all(holders.map((holder) => rows.lease(site, holder, 1_000, leaseMs)));
    expect(outcomes.filter(({ kind }) => kind === 'leased')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'held')).toHaveLength(19);
  });

  it('takes over what a dead holder left, and fences it off', async () => {
    const site = newSite();
    const dead = leased(await rows.lease(site, 'a', 1_000, leaseMs));
    const heir = leased(await rows.lease(site, 'b', 1_000 + leaseMs, leaseMs));
    expect(heir.generation).toBe(2);
    expect(await rows.remember(dead, memory)).toBe(false);
    expect(await rows.release(dead, memory, 5_000)).toEqual({ kind: 'lost' });
    expect(await rows.remember(heir, memory)).toBe(true);
  });

  it('is due when it ends, so that the tick finds what a dead holder left', async () => {
    const site = newSite();
    await rows.lease(site, 'a', 1_000, leaseMs);
    expect(await rows.due(1_000 + leaseMs - 1, 1_000)).not.toContain(site);
    expect(await rows.due(1_000 + leaseMs, 1_000)).toContain(site);
  });

  it('gives back memory and the manual request, also one that was made while the row was held', async () => {
    const site = newSite();
    const lease = leased(await rows.lease(site, 'a', 1_000, leaseMs, 'first'));
    await rows.lease(site, 'b', 2_000, leaseMs, 'second');
    await rows.release(lease, memory, undefined);
    expect(await rows.lease(site, 'c', 3_000, leaseMs)).toEqual({
      kind: 'leased',
      lease: { site, holder: 'c', generation: 2 },
      row: { site, generation: 2, requestedAt: 'second', memory },
    });
  });
});

describe('release', () => {
  it('says when to look again', async () => {
    const site = newSite();
    const lease = leased(await rows.lease(site, 'a', 1_000, leaseMs));
    expect(await rows.release(lease, memory, 400_000)).toEqual({ kind: 'released' });
    expect(await rows.due(399_999, 1_000)).not.toContain(site);
    expect(await rows.due(400_000, 1_000)).toContain(site);
  });

  it('leaves the row out of the index when only a bell may wake it', async () => {
    const site = newSite();
    const lease = leased(await rows.lease(site, 'a', 1_000, leaseMs));
    expect(await rows.release(lease, memory, undefined)).toEqual({ kind: 'released' });
    expect(await rows.due(Number.MAX_SAFE_INTEGER, 1_000)).not.toContain(site);
  });

  it('of a lease that was given back already is lost', async () => {
    const site = newSite();
    const lease = leased(await rows.lease(site, 'a', 1_000, leaseMs));
    await rows.release(lease, memory, undefined);
    expect(await rows.release(lease, emptyMemory, undefined)).toEqual({ kind: 'lost' });
  });

  it('of a row that another generation holds dirty is lost, and leaves that mark alone', async () => {
    const site = newSite();
    const dead = leased(await rows.lease(site, 'a', 1_000, leaseMs));
    const heir = leased(await rows.lease(site, 'b', 1_000 + leaseMs, leaseMs));
    await rows.mark(site, 2_000);
    expect(await rows.release(dead, emptyMemory, undefined)).toEqual({ kind: 'lost' });
    expect(await rows.release(heir, memory, undefined)).toEqual({ kind: 'dirty' });
  });
});

describe('mark', () => {
  it('makes a site due that has no row', async () => {
    const site = newSite();
    await rows.mark(site, 7_000);
    expect(await rows.due(7_000, 1_000)).toContain(site);
  });

  it('brings a look forward and never puts it off', async () => {
    const site = newSite();
    await rows.mark(site, 9_000);
    await rows.mark(site, 6_000);
    await rows.mark(site, 8_000);
    expect(await rows.due(6_000, 1_000)).toContain(site);
  });

  it('makes a held row dirty, and memory stays', async () => {
    const site = newSite();
    const lease = leased(await rows.lease(site, 'a', 1_000, leaseMs));
    await rows.remember(lease, memory);
    await rows.mark(site, 2_000);
    expect(await rows.release(lease, memory, 900_000)).toEqual({ kind: 'dirty' });
    const again = await rows.lease(site, 'b', 3_000, leaseMs);
    expect(again).toMatchObject({ kind: 'leased', row: { memory } });
  });
});

describe('due', () => {
  it('gives the earliest first, up to the limit', async () => {
    const [late, early] = [newSite(), newSite()];
    await rows.mark(late, 20);
    await rows.mark(early, 10);
    expect(await rows.due(20, 1)).toEqual([early]);
    expect(await rows.due(20, 2)).toEqual([early, late]);
  });
});
