import { describe, expect, it } from 'vitest';
import type { SiteStatus } from '../../../controller/status/site-status.ts';
import { documentOf } from '../fakes/documents.ts';
import { bastionImage } from '../fakes/miniature-site.ts';
import { nodeImage, World } from '../fakes/world.ts';

const site = 'prod';

async function converged(document = documentOf(site)): Promise<World> {
  const world = new World();
  world.commit(site, document);
  await world.run(10);
  return world;
}

function wordsOf(status: SiteStatus) {
  return Object.fromEntries(status.conditions.map(({ type, status: is, reason }) => [type, `${is} ${reason}`]));
}

function statesOf(status: SiteStatus) {
  return Object.fromEntries(status.layers.map(({ layer, state }) => [layer, state]));
}

const allInSync = { network: 'in sync', certificate: 'in sync', data: 'in sync', web: 'in sync', access: 'in sync' };
const good = { Ready: 'True Succeeded', Healthy: 'True Succeeded', Synced: 'True Succeeded' };

/** What has been done to AWS so far, to be compared with later. */
function deeds({ stacks, capacity, bucket }: World) {
  return {
    executions: stacks.executions.length,
    changeSets: stacks.created.length,
    calls: capacity.calls.length,
    renders: bucket.renderCalls,
  };
}

describe('a site from nothing', () => {
  it('is created layer by layer, and found synced and healthy', async () => {
    const world = await converged();
    const status = await world.status(site);
    expect(statesOf(status)).toEqual(allInSync);
    expect(wordsOf(status)).toEqual(good);
    expect([status.sync, status.health]).toEqual(['Synced', 'Healthy']);
    expect(world.stacks.executions).toHaveLength(5);
    expect(world.capacity.calls.map((call) => call.replace(/^\S+ /, ''))).toEqual(['2..6', '50 %']);
    expect([...world.stacks.stacks.values()].map((stack) => stack.terminationProtection)).not.toContain(false);
    expect(status.lastAppliedRevision).toBe('commit-v1');
    expect(status.loadBalancerDnsName).toMatch(/^balancer-/);
    expect(status.hostedZoneNameServers).toEqual(['ns-1.example.', 'ns-2.example.']);
    expect(world.errors).toEqual([]);
  });

  it('converges when no event of a stack ever arrives', async () => {
    const world = new World();
    world.deliversEvents = false;
    world.commit(site, documentOf(site));
    await world.run(20);
    expect(wordsOf(await world.status(site))).toEqual(good);
  });

  it('needs few looks: one message on its way at a time', async () => {
    const world = await converged();
    expect(world.outcomes.length).toBeLessThan(40);
  });
});

describe('a site in sync', () => {
  it('costs at most 22 calls a look, and writes nothing but the release', async () => {
    const world = await converged();
    await world.look(site);
    const { writes } = world.statuses;
    world.interrupter.restart();
    await world.look(site);
    const { calls } = world.interrupter;
    // Behind these two ports are more calls: a group and its policies, and four services.
    const behind: Readonly<Record<string, number>> = { 'capacity.describe': 2, 'health.read': 4 };
    expect(calls.reduce((sum, name) => sum + (behind[name] ?? 1), 0)).toBeLessThanOrEqual(22);
    expect(
      calls.filter((name) => /create|execute|delete|enable|set|put|write|remember|ring|render$/.test(name)),
    ).toEqual([]);
    expect(world.statuses.writes).toBe(writes);
  });

  it('is looked at again after the interval of the document', async () => {
    const world = await converged();
    const outcome = await world.look(site);
    expect(outcome).toMatchObject({ kind: 'looked', verdict: 'synced', dueAt: world.clock.now + 60 * 60_000 });
  });
});

describe('a commit', () => {
  it('that changes the scale sets the bounds in one look and touches no stack', async () => {
    const world = await converged();
    const before = deeds(world);
    world.bucket.put(site, documentOf(site, { scaling: { min: 2, max: 8, targetCpuPercent: 50 } }));
    const outcome = await world.look(site);
    expect(outcome).toMatchObject({ verdict: 'synced' });
    expect(deeds(world)).toEqual({ ...before, calls: before.calls + 1, renders: before.renders + 1 });
    const status = await world.status(site);
    expect(status.capacity).toEqual(['bounds 2..6 → 2..8']);
    expect(status.lastAppliedRevision).toBe('commit-v2');
    await world.run(5);
    expect((await world.status(site)).capacity).toEqual(['bounds 2..6 → 2..8']);
  });

  it('that keeps logs longer changes that only', async () => {
    const world = await converged();
    const before = deeds(world);
    const group = [...world.capacity.groups.values()].map(({ min, max, desired }) => ({ min, max, desired }));
    world.commit(site, documentOf(site, { monitoring: { logDays: 60 } }));
    await world.run(5);
    expect(wordsOf(await world.status(site))).toEqual(good);
    expect(world.stacks.executions.slice(before.executions)).toEqual([expect.stringContaining('prod-web nc-')]);
    expect([...world.capacity.groups.values()].map(({ min, max, desired }) => ({ min, max, desired }))).toEqual(group);
  });

  it('that keeps logs for less waits for an approval, is listed with its digest, and holds no direct call', async () => {
    const world = await converged();
    const before = deeds(world);
    const scaling = { min: 2, max: 7, targetCpuPercent: 50 };
    world.commit(site, documentOf(site, { monitoring: { logDays: 7 }, scaling }));
    await world.run(5);
    const status = await world.status(site);
    expect(wordsOf(status)).toMatchObject({ Ready: 'False AwaitingApproval', Synced: 'False AwaitingApproval' });
    const web = status.layers.find(({ layer }) => layer === 'web');
    expect(web).toMatchObject({ state: 'blocked', risk: 'destructive' });
    expect(web?.changes).toEqual(['Modify Logs (AWS::Logs::LogGroup): RetentionInDays 30 → 7']);
    expect(status.blockedBy).toMatchObject([{ gate: 'approval', subject: 'web', reason: 'AwaitingApproval' }]);
    expect(status.blockedBy[0]?.message).toContain(web?.planDigest);
    expect(world.stacks.executions).toHaveLength(before.executions);
    expect(world.capacity.calls).toHaveLength(before.calls + 1);
  });

  it('with three mistakes touches nothing, names each with its place, and is looked at no more', async () => {
    const world = await converged();
    const before = deeds(world);
    const scaling = { min: 9, max: 'many', targetCpuPercent: 50 };
    world.bucket.put(site, { ...documentOf(site, { scaling, colour: 'red' }), region: 'us-east-1' });
    const outcome = await world.look(site);
    expect(outcome).toMatchObject({ verdict: 'invalid', dueAt: undefined, steps: [] });
    const status = await world.status(site);
    expect(status.issues.length).toBeGreaterThanOrEqual(3);
    expect(status.issues.every(({ line, column }) => line > 0 && column > 0)).toBe(true);
    expect(wordsOf(status)).toMatchObject({ Ready: 'False InvalidDocument', Stalled: 'True InvalidDocument' });
    expect(status.lastFailedRevision).toBe('commit-v2');
    expect(status.lastAppliedRevision).toBe('commit-v1');
    await world.run(120);
    expect(deeds(world)).toEqual(before);
  });

  it('of more than 256 kB is refused unread', async () => {
    const world = await converged();
    world.bucket.put(site, `{"name":"${'x'.repeat(300_000)}"}`);
    expect(await world.look(site)).toMatchObject({ verdict: 'invalid' });
    expect((await world.status(site)).issues).toMatchObject([{ path: '$', line: 1, column: 1 }]);
  });

  it('that corrects a wrong one is taken as if nothing had been', async () => {
    const world = await converged();
    world.commit(site, '{"nonsense": true}');
    await world.run(2);
    world.commit(site, documentOf(site));
    await world.run(2);
    expect(wordsOf(await world.status(site))).toEqual(good);
    expect(world.stacks.executions).toHaveLength(5);
  });

  it('that suspends lets nothing happen, says what is held, and what it holds is done when it ends', async () => {
    const world = await converged();
    const before = deeds(world);
    const changes = { scaling: { min: 2, max: 8, targetCpuPercent: 50 }, monitoring: { logDays: 90 } };
    world.commit(site, documentOf(site, { ...changes, suspend: true }));
    await world.run(5);
    const status = await world.status(site);
    expect(deeds(world)).toEqual({ ...before, renders: before.renders + 1 });
    expect(wordsOf(status)).toEqual({ Ready: 'False Suspended', Synced: 'False Suspended', Healthy: 'True Succeeded' });
    expect(status.blockedBy).toMatchObject([{ gate: 'suspended', reason: 'Suspended' }]);
    world.commit(site, documentOf(site, changes));
    await world.run(5);
    expect(wordsOf(await world.status(site))).toEqual(good);
  });

  it('of another host makes another certificate, and lists the old one as a leftover', async () => {
    const world = await converged();
    const old = [...world.stacks.stacks.keys()].find((name) => name.includes('certificate'));
    world.commit(
      site,
      documentOf(site, { dns: { host: 'files.example.com', hostedZone: 'create', certificate: 'automatic' } }),
    );
    await world.run(10);
    const status = await world.status(site);
    expect(wordsOf(status)).toMatchObject({ Synced: 'True Succeeded' });
    expect(status.layers.filter(({ layer }) => layer === 'certificate').map(({ state }) => state)).toEqual([
      'in sync',
      'leftover',
    ]);
    expect(world.stacks.stacks.has(old ?? '')).toBe(true);
    world.stacks.stacks.delete(old ?? '');
    await world.look(site);
    expect((await world.status(site)).layers.map(({ state }) => state)).not.toContain('leftover');
  });
});

describe('images', () => {
  it('take a new AMI of the node when its parameter changes, as a plan of its own', async () => {
    const world = await converged();
    world.images.values.set(nodeImage, 'ami-0aaaaaaaaaaaaaaa2');
    await world.look(site);
    await world.run(5);
    const web = (await world.status(site)).layers.find(({ layer }) => layer === 'web');
    expect(web?.changes[0]).toBe(
      'Modify Nodes (AWS::EC2::LaunchTemplate): ImageId "ami-0aaaaaaaaaaaaaaa1" → "ami-0aaaaaaaaaaaaaaa2"',
    );
    // CloudFormation calls the group's replacement conditional: held, as everything that does not surely stay in place.
    expect(web).toMatchObject({ state: 'blocked', risk: 'destructive' });
  });

  it("keep the bastion's until a commit changes its layer", async () => {
    const world = await converged();
    world.images.values.set(bastionImage, 'ami-0bbbbbbbbbbbbbbb2');
    const before = deeds(world);
    await world.look(site);
    expect(deeds(world)).toEqual(before);
    expect(statesOf(await world.status(site))).toEqual(allInSync);
    const bastion = { enabled: true, instanceType: 't4g.micro', allowedCidrs: ['203.0.113.0/24'] };
    world.commit(site, documentOf(site, { access: { bastion } }));
    await world.run(5);
    const access = (await world.status(site)).layers.find(({ layer }) => layer === 'access');
    expect(access?.changes.join()).toMatch(/ImageId .*bbb1.* → .*bbb2/);
  });

  it('that do not exist hold the layer that needs them, and no other', async () => {
    const world = new World();
    world.images.values.delete(nodeImage);
    world.commit(site, documentOf(site));
    await world.run(10);
    const status = await world.status(site);
    expect(statesOf(status)).toEqual({ ...allInSync, web: 'waiting for inputs' });
    expect(wordsOf(status)).toMatchObject({ Stalled: 'True ArtifactFailed' });
    world.images.values.set(nodeImage, 'ami-0aaaaaaaaaaaaaaa1');
    await world.look(site);
    await world.run(10);
    expect(wordsOf(await world.status(site))).toEqual(good);
  });
});

describe('a document that disappears', () => {
  it('orphans its site: everything stays, and nothing is created anew when it comes back', async () => {
    const world = await converged();
    const before = deeds(world);
    const stacks = JSON.stringify([...world.stacks.stacks]);
    world.uncommit(site);
    await world.run(120);
    expect(wordsOf(await world.status(site))).toMatchObject({ Ready: 'False Orphaned' });
    expect(JSON.stringify([...world.stacks.stacks])).toBe(stacks);
    world.commit(site, documentOf(site));
    await world.run(5);
    expect(wordsOf(await world.status(site))).toEqual(good);
    expect(deeds(world)).toEqual({ ...before, renders: before.renders + 1 });
  });

  it('is not forgotten while a stack of it is left whose name only memory knows', async () => {
    const world = await converged();
    for (const name of world.stacks.stacks.keys()) if (!name.includes('certificate')) world.stacks.stacks.delete(name);
    world.uncommit(site);
    await world.run(2);
    const ready = (await world.status(site)).conditions[0];
    expect(ready?.message).toMatch(/nextcloud-site-prod-certificate-[0-9a-f]{8}$/);
  });

  it('and has no stacks is forgotten quietly', async () => {
    const world = new World();
    expect(await world.look('nobody')).toMatchObject({ kind: 'looked', dueAt: undefined, steps: [] });
    expect(world.statuses.writes).toBe(0);
  });

  it('and whose stacks are gone too is Missing, and may begin anew', async () => {
    const world = await converged();
    world.uncommit(site);
    world.stacks.stacks.clear();
    world.capacity.groups.clear();
    await world.run(2);
    expect((await world.status(site)).health).toBe('Missing');
    world.commit(site, documentOf(site));
    await world.run(10);
    expect(wordsOf(await world.status(site))).toEqual(good);
  });
});

describe('health', () => {
  it('is degraded when nodes stop answering, and healthy when they answer again', async () => {
    const world = await converged();
    const [group] = world.capacity.groups.values();
    for (const instance of group?.instances ?? []) instance.answers = false;
    await world.look(site);
    const degraded = await world.status(site);
    expect([degraded.sync, degraded.health]).toEqual(['Synced', 'Degraded']);
    expect(wordsOf(degraded)).toMatchObject({ Ready: 'False HealthCheckFailed', Healthy: 'False HealthCheckFailed' });
    for (const instance of group?.instances ?? []) instance.answers = true;
    await world.run(3);
    expect(wordsOf(await world.status(site))).toEqual(good);
  });

  it('names a database that is not available', async () => {
    const world = await converged();
    world.databaseStatus = 'storage-full';
    await world.look(site);
    const healthy = (await world.status(site)).conditions.find(({ type }) => type === 'Healthy');
    expect(healthy?.message).toBe('database is storage-full');
  });
});
