import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../controller/status/conditions.ts';
import { newsOf } from '../../../controller/status/news.ts';
import { announcementOf } from '../../../controller/status/site-event.ts';
import type { SiteStatus } from '../../../controller/status/site-status.ts';
import { nothingTold, parseTold, type Told } from '../../../controller/status/told.ts';
import { condition, statusOf } from './status-of-test.ts';

const start = Date.parse('2026-11-25T03:00:00.000Z');
const time = (minute: number) => new Date(start + minute * 60_000).toISOString();

/** Tells statuses to a subscriber, one after the other, each at its minute. */
class Subscriber {
  told: Told = nothingTold;
  readonly heard: string[] = [];

  hear(status: SiteStatus, minute: number): readonly string[] {
    const { events, told } = newsOf({ ...status, updatedAt: time(minute) }, this.told);
    this.told = told;
    const lines = events.map(({ severity, reason, message }) => `${severity} ${reason}: ${message}`);
    this.heard.push(...lines);
    return lines;
  }
}

type Findings = Partial<Record<'Synced' | 'Healthy' | 'Stalled', Partial<Condition>>>;

/** A status whose Ready follows from the others, as composed. */
function site(findings: Findings = {}, more: Partial<SiteStatus> = {}): SiteStatus {
  const revision = more.lastAttemptedRevision ?? 'r1';
  const parts = (['Stalled', 'Healthy', 'Synced'] as const).flatMap((type) =>
    type === 'Stalled' && findings.Stalled === undefined
      ? []
      : [condition(type, { observedRevision: revision, ...findings[type] })],
  );
  const bad = parts.find(({ type, status }) => (status === 'True') === (type === 'Stalled'));
  const ready = condition('Ready', { message: 'synced and healthy', observedRevision: revision });
  const conditions = [
    bad === undefined ? ready : { ...ready, ...bad, type: 'Ready' as const, status: 'False' as const },
  ];
  return statusOf({ conditions: [...conditions, ...parts], lastAppliedRevision: 'r1', ...more });
}

const well = site();
const sick = site({ Healthy: { status: 'False', reason: 'HealthCheckFailed', message: '1 of 2 targets healthy' } });
const busy = site({ Synced: { status: 'False', reason: 'Progressing', message: 'web: 3 changes' } });
const sickWords = 'error HealthCheckFailed: 1 of 2 targets healthy';
const wellWords = 'info Succeeded: synced and healthy';

function listener(): Subscriber {
  const subscriber = new Subscriber();
  subscriber.hear(well, -60);
  subscriber.heard.length = 0;
  return subscriber;
}

describe('newsOf', () => {
  it('tells of a creation that it is applied and that it is ready, and nothing of its course', () => {
    const subscriber = new Subscriber();
    const { lastAppliedRevision: _, ...unapplied } = busy;
    const coming = { status: 'False', reason: 'Progressing' } as const;
    for (const [minute, waits] of ['network: planning', 'data: 33 changes', 'web: CREATE_IN_PROGRESS'].entries()) {
      const synced = {
        status: 'False',
        reason: minute === 1 ? 'DependencyNotReady' : 'Progressing',
        message: waits,
      } as const;
      const { conditions } = site({ Synced: synced, Healthy: coming });
      expect(subscriber.hear({ ...unapplied, conditions }, minute)).toEqual([]);
    }
    expect(subscriber.hear(site({ Healthy: coming }), 10)).toEqual(['info Succeeded: revision r1 is applied']);
    expect(subscriber.hear(well, 14)).toEqual([wellWords]);
  });

  it('tells of a commit once, whether it took a while or not', () => {
    const subscriber = listener();
    expect(subscriber.hear(site({}, { lastAppliedRevision: 'r2' }), 0)).toEqual([
      'info Succeeded: revision r2 is applied',
    ]);
    subscriber.hear(busy, 1);
    expect(subscriber.hear(site({}, { lastAppliedRevision: 'r3' }), 2)).toEqual([
      'info Succeeded: revision r3 is applied',
    ]);
  });

  it('tells what became wrong and that it is well again, once each', () => {
    const subscriber = listener();
    expect(subscriber.hear(sick, 0)).toEqual([sickWords]);
    expect(subscriber.hear({ ...sick, capacity: ['another fact'] }, 60)).toEqual([]);
    expect(subscriber.hear(well, 70)).toEqual([wellWords]);
    expect(subscriber.hear(busy, 71)).toEqual([]);
    expect(subscriber.hear(well, 72)).toEqual([]);
  });

  it('tells nothing of the health again when something else changes on a sick site', () => {
    const subscriber = listener();
    subscriber.hear(sick, 0);
    const changing = site({
      ...healthOf(sick),
      Synced: { status: 'False', reason: 'Progressing', message: 'web: planning' },
    });
    expect(subscriber.hear(changing, 1)).toEqual([]);
    expect(subscriber.hear({ ...sick, lastAppliedRevision: 'r2' }, 2)).toEqual([
      'info Succeeded: revision r2 is applied',
    ]);
  });

  it('says in one event what several conditions say, and with a correction that all is well', () => {
    const subscriber = listener();
    const refused = { status: 'False', reason: 'InvalidDocument', message: 'the document has 3 issues' } as const;
    const invalid = (revision: string) =>
      site({ Synced: refused, Stalled: { ...refused, status: 'True' } }, { lastAttemptedRevision: revision });
    expect(subscriber.hear(invalid('r2'), 0)).toEqual(['error InvalidDocument: the document has 3 issues']);
    // Who commits waits for an answer, though it is the same one.
    expect(subscriber.hear(invalid('r3'), 1)).toEqual(['error InvalidDocument: the document has 3 issues']);
    expect(subscriber.hear(site({}, { lastAppliedRevision: 'r4' }), 2)).toEqual([
      'info Succeeded: revision r4 is applied; synced and healthy',
    ]);
  });

  it.each(['AwaitingApproval', 'AwaitingWindow', 'Suspended', 'Orphaned', 'ProgressingWithRetry'] as const)(
    'wakes nobody for %s',
    (reason) => {
      const waiting = site({ Synced: { status: 'False', reason, message: 'held' } });
      expect(listener().hear(waiting, 0)).toEqual([`info ${reason}: held`]);
    },
  );

  it('asks for each approval that is needed', () => {
    const held = { status: 'False', reason: 'AwaitingApproval', message: 'held' } as const;
    const block = (digest: string) =>
      ({ gate: 'approval', subject: 'web', reason: 'AwaitingApproval', message: `plan digest ${digest}` }) as const;
    const subscriber = listener();
    subscriber.hear(site({ Synced: held }, { blockedBy: [block('a')] }), 0);
    expect(subscriber.hear(site({ Synced: held }, { blockedBy: [block('a')] }), 10)).toEqual([]);
    expect(subscriber.hear(site({ Synced: held }, { blockedBy: [block('a'), block('b')] }), 20)).toHaveLength(1);
  });

  it('tells that a retry failed again', () => {
    const subscriber = listener();
    const failed = (minute: number) =>
      site({
        Synced: { status: 'False', reason: 'ReconciliationFailed', message: 'web: no' },
        Stalled: { reason: 'ReconciliationFailed', message: 'web: no', lastTransitionTime: time(minute) },
      });
    expect(subscriber.hear(failed(0), 0)).toHaveLength(1);
    subscriber.hear(busy, 20);
    expect(subscriber.hear(failed(30), 30)).toHaveLength(1);
  });

  it('tells what is well of a part while another is not, if it was told to be wrong', () => {
    const subscriber = listener();
    const held = { status: 'False', reason: 'AwaitingApproval', message: 'held' } as const;
    subscriber.hear(site({ ...healthOf(sick), Synced: held }), 0);
    expect(subscriber.hear(site({ Synced: held }), 10)).toEqual(['info Succeeded: as it should be']);
  });
});

describe('a site that comes and goes', () => {
  it('is told ever more rarely, and the last word is never better than the truth', () => {
    const subscriber = listener();
    let truth = true;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      truth = minute % 2 === 1;
      subscriber.hear(truth ? well : sick, minute);
      const lastWord = subscriber.heard.at(-1) ?? '';
      expect(truth || lastWord.includes('HealthCheckFailed')).toBe(true);
    }
    expect(subscriber.heard.slice(0, 3)).toEqual([
      sickWords,
      wellWords,
      'error HealthCheckFailed: again, it comes and goes: 1 of 2 targets healthy',
    ]);
    expect(subscriber.heard.length).toBeLessThan(30);
  });

  it('is told at once again after a quiet time', () => {
    const subscriber = listener();
    for (const minute of [0, 60, 120]) {
      expect(subscriber.hear(sick, minute)).toEqual([sickWords]);
      expect(subscriber.hear(well, minute + 1)).toEqual([wellWords]);
    }
  });
});

describe('a delivery that comes twice or late', () => {
  it('is told once', () => {
    const subscriber = listener();
    for (const minute of [0, 1]) subscriber.hear(minute === 0 ? sick : well, minute);
    for (const minute of [0, 1]) subscriber.hear(minute === 0 ? sick : well, minute);
    expect(subscriber.heard).toEqual([sickWords, wellWords]);
  });
});

describe('an event', () => {
  it('has the form of Flux, and what subscriptions filter by', () => {
    const [event] = newsOf({ ...sick, updatedAt: time(0) }, listener().told).events;
    if (event === undefined) throw new Error('no event');
    expect(event).toEqual({
      involvedObject: { kind: 'Site', name: 'prod' },
      severity: 'error',
      timestamp: time(0),
      message: '1 of 2 targets healthy',
      reason: 'HealthCheckFailed',
      metadata: { revision: 'r1', condition: 'Healthy' },
      reportingController: 'nextcloud-gitops',
    });
    const announcement = announcementOf(event);
    expect(announcement).toMatchObject({
      subject: 'prod: HealthCheckFailed',
      attributes: { site: 'prod', severity: 'error', reason: 'HealthCheckFailed', condition: 'Healthy' },
    });
    expect(JSON.parse(announcement.body)).toEqual(event);
  });
});

describe('what was told', () => {
  it('is read back as it was written', () => {
    const { told } = listener();
    expect(parseTold(JSON.stringify(told))).toEqual(told);
  });

  it.each(['', '{', 'null', '{}', '{"prod":1}', JSON.stringify({ ...nothingTold, words: { Ready: 'True' } })])(
    'is undefined when it is none: %s',
    (text) => expect(parseTold(text)).toBeUndefined(),
  );
});

/** The Healthy finding of a status. */
function healthOf(status: SiteStatus): Findings {
  const found = status.conditions.find(({ type }) => type === 'Healthy');
  return found === undefined ? {} : { Healthy: found };
}
