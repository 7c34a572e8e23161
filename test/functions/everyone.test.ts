import { describe, expect, it } from 'vitest';
import { type EveryonePorts, resync, ringForDue } from '../../functions/reconcile/everyone.ts';

/** Ports that record what is done through them. */
function recording(given: { due?: { site: string; dueAt: number }[]; documents?: string[]; stacks?: string[] }) {
  const done: string[] = [];
  const metrics: Record<string, number> = {};
  const ports = {
    dueRows: async () => given.due ?? [],
    documents: { list: async () => ({ sites: given.documents ?? [], strangers: ['sites/README.md'] }) },
    stacks: { listSites: async () => given.stacks ?? [] },
    rows: {
      mark: async (site: string, dueAt: number) => {
        done.push(`mark ${site} ${dueAt}`);
      },
    },
    bell: {
      ring: async (sites: readonly string[], delaySeconds: number) => {
        done.push(`ring ${sites.join(',')} ${delaySeconds}`);
      },
    },
    log: { info: () => {}, warn: (message: string) => done.push(message), error: () => {} },
    metrics: {
      count: (name: string, value: number) => {
        metrics[name] = value;
      },
      milliseconds: (name: string, value: number) => {
        metrics[name] = value;
      },
    },
  } as unknown as EveryonePorts;
  return { ports, done, metrics };
}

describe('a tick', () => {
  it('rings for all that is due and says how long the first has waited', async () => {
    const { ports, done, metrics } = recording({
      due: [
        { site: 'a', dueAt: 4_000 },
        { site: 'b', dueAt: 9_000 },
      ],
    });
    await ringForDue(10_000, ports);
    expect(done).toEqual(['ring a,b 0']);
    expect(metrics).toEqual({ SitesDue: 2, AgeOfOldestDue: 6_000 });
  });

  it('says that nothing waits', async () => {
    const { ports, metrics } = recording({});
    await ringForDue(10_000, ports);
    expect(metrics).toEqual({ SitesDue: 0, AgeOfOldestDue: 0 });
  });
});

describe('a resync', () => {
  it('marks and rings for documents and stacks alike, each site once, and counts itself', async () => {
    const { ports, done, metrics } = recording({ documents: ['a', 'b'], stacks: ['b', 'orphan'] });
    await resync(7_000, ports);
    expect(done).toEqual([
      'objects that are no documents',
      'mark a 7000',
      'mark b 7000',
      'mark orphan 7000',
      'ring a,b,orphan 0',
    ]);
    expect(metrics).toEqual({ ResyncCompleted: 1 });
  });

  it('does not count itself when it could not see everything', async () => {
    const { ports, metrics } = recording({ documents: ['a'] });
    const blind = { ...ports, stacks: { ...ports.stacks, listSites: () => Promise.reject(new Error('denied')) } };
    await expect(resync(7_000, blind)).rejects.toThrow('denied');
    expect(metrics).toEqual({});
  });
});
