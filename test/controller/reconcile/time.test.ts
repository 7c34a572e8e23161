import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../../controller/ports/errors.ts';
import { timerOf } from '../../../controller/reconcile/due.ts';
import { emptyMemory } from '../../../controller/reconcile/memory.ts';
import { outcomeOfError } from '../../../controller/reconcile/outcomes.ts';
import { backoffMs, passesWithTime } from '../../../controller/reconcile/retry.ts';

describe('backoffMs', () => {
  it.each([
    [1, 0, 1_000],
    [1, 1, 2_000],
    [2, 1, 4_000],
    [5, 0.5, 24_000],
    [50, 1, 900_000],
    [5_000, 1, 900_000],
  ])('attempt %i with jitter %f: %i ms', (attempts, jitter, ms) => expect(backoffMs(attempts, jitter)).toBe(ms));
});

describe('passesWithTime', () => {
  it.each([
    'Rate exceeded (Service: AmazonCloudWatchLogs; Status Code: 400)',
    'Resource handler returned message: "Throttling: too many requests" (HandlerErrorCode: Throttling)',
    'We currently do not have sufficient m7g.large capacity: InsufficientInstanceCapacity',
    'InsufficientDBInstanceCapacity',
    'Service Unavailable (Status Code: 503)',
    'HandlerErrorCode: InternalFailure',
  ])('yes: %s', (reason) => expect(passesWithTime(reason)).toBe(true));

  it.each([
    'Value 61 is not valid',
    'The maximum number of VPCs has been reached',
    'API: rds:CreateDBInstance You are not authorized to perform this operation',
    'Resource of type AWS::EFS::MountTarget already exists',
  ])('no: %s', (reason) => expect(passesWithTime(reason)).toBe(false));
});

describe('outcomeOfError', () => {
  const moment = { now: 1_000, jitter: 1 };

  it('backs off from what is transient, is silent at first, and gives the message back in the end', () => {
    const afterLooks = (transientAttempts: number) =>
      outcomeOfError(new TransientError('Rate exceeded'), { ...emptyMemory, transientAttempts }, moment);
    expect(afterLooks(0)).toMatchObject({
      kind: 'transient',
      dueAt: 3_000,
      rethrow: false,
      memory: { transientAttempts: 1 },
    });
    expect(afterLooks(0).tell).toBeUndefined();
    expect(afterLooks(2).tell).toBeDefined();
    expect(afterLooks(7).rethrow).toBe(false);
    expect(afterLooks(8).rethrow).toBe(true);
  });

  it('throws a bug at once, and looks again later all the same', () => {
    expect(outcomeOfError(new TypeError('x is undefined'), emptyMemory, moment)).toMatchObject({
      kind: 'bug',
      rethrow: true,
      dueAt: 901_000,
      memory: emptyMemory,
    });
  });
});

describe('timerOf', () => {
  it.each([
    ['nothing due', undefined, undefined, { dueAt: undefined }],
    ['soon: a message', 12_000, undefined, { dueAt: 12_000, ringSeconds: 2, timerAt: 12_000 }],
    ['between seconds: the later one', 11_500, undefined, { dueAt: 11_500, ringSeconds: 2, timerAt: 12_000 }],
    ['a minute or more: the tick', 70_000, undefined, { dueAt: 70_000 }],
    ['one on its way before: no other', 30_000, 12_000, { dueAt: 12_000, timerAt: 12_000 }],
    ['one on its way after: an earlier one', 12_000, 30_000, { dueAt: 12_000, ringSeconds: 2, timerAt: 12_000 }],
    ['one that has rung: another', 12_000, 10_000, { dueAt: 12_000, ringSeconds: 2, timerAt: 12_000 }],
    ['late already: at once', 9_000, undefined, { dueAt: 9_000, ringSeconds: 0, timerAt: 10_000 }],
  ])('%s', (_name, dueAt, before, timer) => expect(timerOf(dueAt, before, 10_000)).toEqual(timer));

  it('always leaves something that rings in time: the tick or a message', () => {
    void fc.assert(
      fc.property(
        fc.nat(200_000),
        fc.option(fc.nat(200_000), { nil: undefined }),
        fc.nat(200_000),
        (dueAt, before, now) => {
          const timer = timerOf(dueAt, before, now);
          expect(timer.dueAt).toBeLessThanOrEqual(dueAt);
          const rings =
            timer.ringSeconds !== undefined || (timer.timerAt ?? Number.POSITIVE_INFINITY) <= (timer.dueAt ?? 0);
          expect(rings || (timer.dueAt ?? 0) - now >= 60_000).toBe(true);
        },
      ),
    );
  });
});
