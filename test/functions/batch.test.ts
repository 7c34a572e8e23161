import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../controller/ports/errors.ts';
import { type Ask, answerBatch } from '../../functions/reconcile/batch.ts';

/** What a line of the log says, and how loudly. */
type Line = { readonly level: string; readonly message: string; readonly facts: Readonly<Record<string, unknown>> };

/** Answers a batch of bodies, each `kind` or `kind site requestedAt`, and records what was asked and logged. */
async function answering(bodies: readonly string[], answer: (ask: Ask) => void = () => {}) {
  const asked: Ask[] = [];
  const ids: string[] = [];
  const lines: Line[] = [];
  const say =
    (level: string) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, message, facts });
    };
  const records = bodies.map((body, index) => ({ messageId: `m${index}`, body }) as SQSRecord);
  const { batchItemFailures } = await answerBatch(records, {
    parse: (body) => {
      const [kind, site = '', requestedAt] = body.split(' ');
      if (kind === 'site') return requestedAt === undefined ? { kind, site } : { kind, site, requestedAt };
      return kind === 'tick' || kind === 'resync' ? { kind } : { kind: 'ignored', reason: `${kind} is not ours` };
    },
    answer: async (ask, id) => {
      asked.push(ask);
      ids.push(id);
      answer(ask);
    },
    log: { info: say('info'), warn: say('warn'), error: say('error') },
  });
  return { asked, ids, lines, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe('a batch of bells', () => {
  it('answers each site once, however often it rang', async () => {
    const { asked, failed } = await answering(['site a', 'site b', 'site a', 'site a', 'tick', 'tick']);
    expect(asked).toEqual([{ kind: 'site', site: 'a' }, { kind: 'site', site: 'b' }, { kind: 'tick' }]);
    expect(failed).toEqual([]);
  });

  it('loses no manual request among plain bells', async () => {
    const { asked } = await answering(['site a', 'site a now', 'site a']);
    expect(asked).toEqual([{ kind: 'site', site: 'a', requestedAt: 'now' }]);
  });

  it('gives each answer an id of its own', async () => {
    const { ids } = await answering(['site a', 'site b', 'site a']);
    expect(ids).toEqual(['m0+m2', 'm1']);
  });

  it('drops and logs what is not ours, without stopping the others', async () => {
    const { asked, failed, lines } = await answering(['hello', 'site a']);
    expect(asked).toEqual([{ kind: 'site', site: 'a' }]);
    expect(failed).toEqual([]);
    expect(lines).toEqual([
      { level: 'warn', message: 'message ignored', facts: { messageId: 'm0', reason: 'hello is not ours' } },
    ]);
  });

  it('gives back exactly the messages whose answer failed', async () => {
    const { asked, failed, lines } = await answering(['site a', 'site b', 'site a', 'site c'], (ask) => {
      if (ask.kind === 'site' && ask.site === 'a') throw new TransientError('later');
      if (ask.kind === 'site' && ask.site === 'b') throw new TypeError('a bug');
    });
    expect(asked).toHaveLength(3);
    expect(failed).toEqual(['m0', 'm2', 'm1']);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'bell rings again'],
      ['error', 'bell not answered'],
    ]);
  });
});
