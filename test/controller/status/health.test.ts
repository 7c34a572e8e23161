import { describe, expect, it } from 'vitest';
import type { HealthFacts } from '../../../controller/ports/health.ts';
import { type HealthBefore, healthOf } from '../../../controller/status/health.ts';
import { parseSite } from '../../../desired-state/parse.ts';
import { documentOf } from '../fakes/documents.ts';

const parsed = parseSite(new TextEncoder().encode(JSON.stringify(documentOf('prod'))));
if (parsed.kind !== 'site') throw new Error('the document of the tests is wrong');
const { site } = parsed;

const healthy = (id: string) => ({ id, state: 'healthy' });
const mounts = ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'].map((availabilityZone) => ({
  availabilityZone,
  state: 'available',
}));
const good: HealthFacts = {
  targets: [healthy('i-1'), healthy('i-2')],
  databaseStatus: 'available',
  cacheStatus: 'available',
  mountTargets: mounts,
};
const absent = { kind: 'absent' } as const;
const still: HealthBefore = { state: 'Healthy', growing: false };

const judge = (facts: HealthFacts, before: HealthBefore = still, now = 0) => healthOf(site, facts, absent, before, now);

describe('healthOf', () => {
  it('is Healthy with enough targets, data available and a mount target in each zone', () => {
    expect(judge(good)).toMatchObject({ state: 'Healthy', finding: { status: 'True', reason: 'Succeeded' } });
    const oneMore = [...(good.targets ?? []), { id: 'i-3', state: 'unhealthy', reason: 'Target.Timeout' }];
    expect(judge({ ...good, targets: oneMore }).state).toBe('Healthy');
  });

  it.each<[string, Partial<HealthFacts>]>([
    ['the nightly backup of a database', { databaseStatus: 'backing-up' }],
    ['more storage, for hours', { databaseStatus: 'storage-optimization' }],
    ['a change of a database', { databaseStatus: 'modifying' }],
    ['the nightly snapshot of a cache', { cacheStatus: 'snapshotting' }],
    ['a change of a cache', { cacheStatus: 'modifying' }],
  ])('stays Healthy during %s', (_name, facts) => {
    expect(judge({ ...good, ...facts }).state).toBe('Healthy');
  });

  it.each<[string, Partial<HealthFacts>, string]>([
    [
      'too few targets',
      { targets: [healthy('i-1'), { id: 'i-2', state: 'unhealthy', reason: 'Target.Timeout' }] },
      '1 of 2 targets healthy, at least 2 wanted (Target.Timeout)',
    ],
    ['no targets', { targets: [] }, '0 of 0 targets healthy, at least 2 wanted'],
    ['a database that restarts', { databaseStatus: 'rebooting' }, 'database is rebooting'],
    ['a missing database', { databaseStatus: 'missing' }, 'database is missing'],
    ['a stopped database', { databaseStatus: 'stopped' }, 'database is stopped'],
    ['a database whose address changes', { databaseStatus: 'renaming' }, 'database is renaming'],
    ['a full database', { databaseStatus: 'storage-full' }, 'database is storage-full'],
    ['a state of a database that is not known', { databaseStatus: 'toString' }, 'database is toString'],
    ['a cache that failed', { cacheStatus: 'create-failed' }, 'cache is create-failed'],
    ['a cache that is deleted', { cacheStatus: 'deleting' }, 'cache is deleting'],
    ['a zone without a mount target', { mountTargets: mounts.slice(0, 2) }, 'no mount target available in eu-west-3c'],
    [
      'a mount target that is not ready',
      { mountTargets: mounts.map((one) => ({ ...one, state: 'creating' })) },
      'no mount target available in eu-west-3a, eu-west-3b, eu-west-3c',
    ],
  ])('is Degraded with %s', (_name, facts, message) => {
    expect(judge({ ...good, ...facts })).toEqual({
      state: 'Degraded',
      finding: { status: 'False', reason: 'HealthCheckFailed', message },
    });
  });

  it('is Missing before anything exists', () => {
    expect(judge({}, { growing: false }).state).toBe('Missing');
  });

  it('is Progressing while a site comes up or grows, and Degraded when nothing changes beyond the budgets', () => {
    const none = { ...good, targets: [] };
    const message = '0 of 0 targets healthy, at least 2 wanted';
    expect(judge(none, { growing: false }).state).toBe('Progressing');
    expect(judge(none, { state: 'Healthy', growing: true }).state).toBe('Progressing');
    const { bootSeconds, mountSeconds, healthySeconds } = site.lifecycle.budgets;
    const budget = (bootSeconds + mountSeconds + healthySeconds) * 1_000;
    const coming: HealthBefore = { state: 'Progressing', growing: false, unchangedSince: 0, message };
    expect(judge(none, coming, budget).state).toBe('Progressing');
    expect(judge(none, coming, budget + 1).state).toBe('Degraded');
    expect(judge(none, { ...coming, message: 'another' }, budget + 1).state).toBe('Progressing');
  });
});
