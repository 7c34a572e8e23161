import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../controller/ports/errors.ts';
import { emptyMemory } from '../../controller/reconcile/memory.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import { statusChanges } from '../../functions/notify/status-changes.ts';
import { type TellPorts, tell } from '../../functions/notify/tell.ts';

function status(site: string, sync: SiteStatus['sync']): SiteStatus {
  return {
    formatVersion: 1,
    site,
    writer: 'reconcile',
    conditions: [],
    sync,
    health: 'Unknown',
    layers: [],
    capacity: [],
    blockedBy: [],
    issues: [],
    history: [],
    memory: emptyMemory,
    updatedAt: '2026-11-25T03:00:00.000Z',
  };
}

/** A record of the stream as Lambda delivers it. */
function record(sequence: string, before: SiteStatus | undefined, after: SiteStatus | undefined): DynamoDBRecord {
  const keys = { pk: { S: `site#${(after ?? before)?.site}` }, sk: { S: 'status#reconcile' } };
  const image = (value: SiteStatus) => ({ ...keys, version: { N: '1' }, status: { S: JSON.stringify(value) } });
  return {
    eventSource: 'aws:dynamodb',
    dynamodb: {
      SequenceNumber: sequence,
      Keys: keys,
      ...(before === undefined ? {} : { OldImage: image(before) }),
      ...(after === undefined ? {} : { NewImage: image(after) }),
    },
  };
}

/** Ports that record what is done; `fail` says which of it fails. */
function recording(fail: (what: string) => boolean = () => false) {
  const done: string[] = [];
  const note = async (what: string) => {
    done.push(what);
    if (fail(what)) throw new TransientError('later');
  };
  const ports: TellPorts = {
    statusesOf: async (site) => [status(site, 'Unknown')],
    writeFiles: (site) => note(`files ${site}`),
    announcementsOf: (before, after) =>
      before?.sync === after.sync
        ? []
        : [{ subject: 's', body: `${after.site} ${before?.sync} to ${after.sync}`, attributes: { site: after.site } }],
    publish: ({ body }) => note(`publish ${body}`),
    log: { info: () => {}, warn: () => {}, error: (message, { site }) => done.push(`${message}: ${site}`) },
  };
  return { ports, done };
}

describe('statusChanges', () => {
  it('reads old and new status, in the order of the stream', () => {
    const [unknown, synced] = [status('a', 'Unknown'), status('a', 'Synced')];
    expect(statusChanges([record('1', undefined, unknown), record('2', unknown, synced)])).toEqual([
      { site: 'a', sequenceNumber: '1', after: unknown },
      { site: 'a', sequenceNumber: '2', before: unknown, after: synced },
    ]);
  });

  it('leaves out what is no status, and knows no status where the text is none', () => {
    const work = { dynamodb: { Keys: { pk: { S: 'site#a' }, sk: { S: 'work' } } } };
    const foreign = { dynamodb: { Keys: { pk: { S: 'hook#a' }, sk: { S: 'status#x' } } } };
    const keys = { pk: { S: 'site#a' }, sk: { S: 'status#reconcile' } };
    const broken = { dynamodb: { SequenceNumber: '3', Keys: keys, NewImage: { ...keys, status: { S: '{' } } } };
    expect(statusChanges([{}, work, foreign, broken])).toEqual([{ site: 'a', sequenceNumber: '3' }]);
  });
});

describe('tell', () => {
  it('writes the files of a site once a delivery, and publishes each change that is worth it', async () => {
    const { ports, done } = recording();
    const [unknown, synced] = [status('a', 'Unknown'), status('a', 'Synced')];
    const records = [
      record('1', undefined, unknown),
      record('2', unknown, unknown),
      record('3', unknown, synced),
      record('4', undefined, status('b', 'Synced')),
    ];
    expect(await tell(records, ports)).toEqual({ batchItemFailures: [] });
    expect(done).toEqual([
      'files a',
      'publish a undefined to Unknown',
      'publish a Unknown to Synced',
      'files b',
      'publish b undefined to Synced',
    ]);
  });

  it('stops at the first change that could not be told, and gives it back with all behind it', async () => {
    const { ports, done } = recording((what) => what.startsWith('publish b'));
    const records = ['a', 'b', 'c'].map((site, index) => record(`${index}`, undefined, status(site, 'Synced')));
    expect(await tell(records, ports)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(done.at(-1)).toBe('change not told: b');
    expect(done).not.toContain('files c');
  });

  it('does the same again when a delivery comes twice', async () => {
    const { ports, done } = recording();
    const records = [record('1', undefined, status('a', 'Synced'))];
    await tell(records, ports);
    const once = [...done];
    await tell(records, ports);
    expect(done).toEqual([...once, ...once]);
  });

  it('says nothing of an item that was removed', async () => {
    const { ports, done } = recording();
    await tell([record('1', status('a', 'Synced'), undefined)], ports);
    expect(done).toEqual(['files a']);
  });
});
