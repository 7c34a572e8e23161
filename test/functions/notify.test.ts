import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../controller/ports/errors.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import { nothingTold, type Told } from '../../controller/status/told.ts';
import { statusChanges } from '../../functions/notify/status-changes.ts';
import { type TellPorts, tell } from '../../functions/notify/tell.ts';
import { statusOf } from '../controller/status/status-of-test.ts';

function status(site: string, revision: string): SiteStatus {
  return statusOf({ site, lastAppliedRevision: revision, conditions: [] });
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
  const told = new Map<string, Told>();
  const ports: TellPorts = {
    statusesOf: async (site) => [status(site, 'r0')],
    writeFiles: (site) => note(`files ${site}`),
    told: async (site) => told.get(site) ?? nothingTold,
    rememberTold: async (site, now) => void told.set(site, now),
    publish: ({ attributes, body }) => note(`publish ${attributes['site']} ${JSON.parse(body).metadata.revision}`),
    log: { info: () => {}, warn: () => {}, error: (message, { site }) => done.push(`${message}: ${site}`) },
  };
  return { ports, done };
}

describe('statusChanges', () => {
  it('reads each status, in the order of the stream', () => {
    const [first, second] = [status('a', 'r1'), status('a', 'r2')];
    expect(statusChanges([record('1', undefined, first), record('2', first, second)])).toEqual([
      { site: 'a', sequenceNumber: '1', status: first },
      { site: 'a', sequenceNumber: '2', status: second },
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
    const [first, second] = [status('a', 'r1'), status('a', 'r2')];
    const records = [
      record('1', undefined, first),
      record('2', first, first),
      record('3', first, second),
      record('4', undefined, status('b', 'r2')),
    ];
    expect(await tell(records, ports)).toEqual({ batchItemFailures: [] });
    expect(done).toEqual(['files a', 'publish a r1', 'publish a r2', 'files b', 'publish b r2']);
  });

  it('gives back the first change that could not be told; its site waits behind it and no other one does', async () => {
    const { ports, done } = recording((what) => what.startsWith('publish b'));
    const sites = ['a', 'b', 'c', 'b', 'd'];
    const records = sites.map((site, index) => record(`${index}`, undefined, status(site, `r${index}`)));
    expect(await tell(records, ports)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(done.filter((what) => !what.startsWith('files'))).toEqual([
      'publish a r0',
      'publish b r1',
      'change not told: b',
      'publish c r2',
      'publish d r4',
    ]);
    // As AWS does: from the lowest sequence number that failed.
    done.length = 0;
    await tell(records.slice(1), ports);
    expect(done.filter((what) => what.startsWith('publish'))).toEqual(['publish b r1']);
  });

  it('writes the files again when a delivery comes twice, and publishes nothing again', async () => {
    const { ports, done } = recording();
    const records = [record('1', undefined, status('a', 'r2'))];
    await tell(records, ports);
    await tell(records, ports);
    expect(done).toEqual(['files a', 'publish a r2', 'files a']);
  });

  it('publishes again what could not be published', async () => {
    let failures = 1;
    const { ports, done } = recording((what) => what.startsWith('publish') && failures-- > 0);
    const records = [record('1', undefined, status('a', 'r2'))];
    expect((await tell(records, ports)).batchItemFailures).toHaveLength(1);
    expect((await tell(records, ports)).batchItemFailures).toHaveLength(0);
    expect(done.filter((what) => what === 'publish a r2')).toHaveLength(2);
  });

  it('says nothing of an item that was removed', async () => {
    const { ports, done } = recording();
    await tell([record('1', status('a', 'r2'), undefined)], ports);
    expect(done).toEqual(['files a']);
  });
});
