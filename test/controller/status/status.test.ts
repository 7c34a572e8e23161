import { describe, expect, it } from 'vitest';
import { emptyMemory } from '../../../controller/reconcile/memory.ts';
import { composeStatus, type Findings } from '../../../controller/status/compose.ts';
import { mergeStatuses } from '../../../controller/status/merge.ts';
import { setCondition } from '../../../controller/status/set-condition.ts';
import { parseStatusFile, statusFile } from '../../../controller/status/status-file.ts';
import { condition, statusOf } from './status-of-test.ts';

const later = '2026-11-25T07:00:00.000Z';

describe('setCondition', () => {
  const before = [condition('Ready'), condition('Stalled')];
  const same = { status: 'True', reason: 'Succeeded', message: 'as it should be' } as const;

  it('keeps the transition time when only the revision is another', () => {
    const [ready] = setCondition(before, 'Ready', same, 'commit-2', later);
    expect(ready).toEqual(condition('Ready', { observedRevision: 'commit-2' }));
  });

  it.each([{ status: 'False' }, { reason: 'Progressing' }, { message: 'otherwise' }] as const)(
    'moves it when %j',
    (change) => {
      const [ready] = setCondition(before, 'Ready', { ...same, ...change }, 'commit-1', later);
      expect(ready?.lastTransitionTime).toBe(later);
    },
  );

  it('cuts a message that nobody would read to its end, and does not move the time for the cut', () => {
    const finding = { ...same, message: 'x'.repeat(5_000) };
    const first = setCondition([], 'Ready', finding, 'commit-1', '2026-11-25T06:00:00.000Z');
    expect(first[0]?.message).toHaveLength(1_000);
    expect(setCondition(first, 'Ready', finding, 'commit-1', later)).toEqual(first);
  });
});

describe('composeStatus', () => {
  const facts = { layers: [], capacity: [], blockedBy: [], issues: [] };
  const good: Findings = {
    sync: 'Synced',
    health: 'Healthy',
    synced: { status: 'True', reason: 'Succeeded', message: 'everything is as declared' },
    healthy: { status: 'True', reason: 'Succeeded', message: 'all healthy' },
  };
  const input = { site: 'prod', before: undefined, revision: 'commit-1', findings: good, facts, memory: emptyMemory };
  const at = (time: string) => ({ dueAt: undefined, now: Date.parse(time) });

  it('says Ready when synced, healthy and not stalled', () => {
    const { status } = composeStatus({ ...input, ...at(later) });
    expect(status.conditions.map((one) => `${one.type} ${one.status}`)).toEqual([
      'Ready True',
      'Healthy True',
      'Synced True',
    ]);
  });

  it.each([
    [{ synced: { status: 'False', reason: 'AwaitingApproval', message: 'm' } }, 'AwaitingApproval'],
    [{ healthy: { status: 'False', reason: 'HealthCheckFailed', message: 'm' } }, 'HealthCheckFailed'],
    [{ stalled: { status: 'True', reason: 'ForbiddenChange', message: 'm' } }, 'ForbiddenChange'],
  ] as const)('is not ready for the reason of %j', (part, reason) => {
    const { status } = composeStatus({ ...input, findings: { ...good, ...part }, ...at(later) });
    expect(status.conditions[0]).toMatchObject({ type: 'Ready', status: 'False', reason });
  });

  it('has Stalled and Reconciling only while they are true', () => {
    const trouble = { status: 'True', reason: 'ReconciliationFailed', message: 'm' } as const;
    const first = composeStatus({
      ...input,
      findings: { ...good, stalled: trouble, reconciling: trouble },
      ...at(later),
    });
    expect(first.status.conditions.map(({ type }) => type)).toEqual([
      'Ready',
      'Reconciling',
      'Stalled',
      'Healthy',
      'Synced',
    ]);
    const second = composeStatus({ ...input, before: first.status, ...at(later) });
    expect(second.status.conditions.map(({ type }) => type)).toEqual(['Ready', 'Healthy', 'Synced']);
  });

  it('is worth a write only when it says something else', () => {
    const first = composeStatus({ ...input, ...at('2026-11-25T06:00:00.000Z') });
    expect(first.changed).toBe(true);
    const again = composeStatus({ ...input, before: first.status, dueAt: 5, now: Date.parse(later) });
    expect(again.changed).toBe(false);
    expect(again.newEntries).toEqual([]);
    const memory = { ...emptyMemory, lastFailedRevision: 'commit-1' };
    expect(composeStatus({ ...input, before: first.status, memory, ...at(later) }).changed).toBe(true);
  });

  it('keeps the last ten entries of its history, newest first', () => {
    let before = composeStatus({ ...input, ...at(later) }).status;
    for (let count = 0; count < 12; count += 1) {
      const status = count % 2 === 0 ? 'False' : 'True';
      const synced = {
        status,
        reason: status === 'True' ? 'Succeeded' : 'Progressing',
        message: `step ${count}`,
      } as const;
      const now = Date.parse(later) + count * 1_000;
      before = composeStatus({ ...input, before, findings: { ...good, synced }, dueAt: undefined, now }).status;
    }
    expect(before.history).toHaveLength(10);
    expect(before.history[1]).toMatchObject({ message: 'step 10', reason: 'Progressing' });
  });
});

describe('mergeStatuses', () => {
  it('takes the worst of each condition, and says what all say who say so', () => {
    const launches = statusOf({
      conditions: [
        condition('Healthy', {
          status: 'False',
          reason: 'LaunchBrake',
          message: 'two launches failed',
          lastTransitionTime: later,
        }),
        condition('Stalled', { reason: 'LaunchBrake', message: 'held' }),
      ],
    });
    const merged = mergeStatuses([statusOf(), launches]);
    expect(merged.conditions.map((one) => `${one.type} ${one.status} ${one.reason}`)).toEqual([
      'Ready False LaunchBrake',
      'Stalled True LaunchBrake',
      'Healthy False LaunchBrake',
      'Synced True Succeeded',
    ]);
  });

  it('leaves one alone', () => expect(mergeStatuses([statusOf()])).toEqual(statusOf()));
});

describe('status file', () => {
  it('is read back as it was written', () => expect(parseStatusFile(statusFile(statusOf()))).toEqual(statusOf()));

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"formatVersion":1,"site":"prod"}',
    JSON.stringify({ ...statusOf(), formatVersion: 2 }),
    JSON.stringify({ ...statusOf(), memory: [] }),
  ])('is undefined when it is none: %s', (text) => expect(parseStatusFile(text)).toBeUndefined());
});
