import { describe, expect, it } from 'vitest';
import { documentOf } from '../fakes/documents.ts';
import type { Fault } from '../fakes/interrupt.ts';
import { World } from '../fakes/world.ts';

const site = 'prod';

/** What is there in the end, without ids that depend on the order of things. */
async function reality(world: World) {
  const status = await world.status(site);
  const stacks = [...world.stacks.stacks.values()].map(({ name, status: is, terminationProtection, resources }) => {
    return [name, is, terminationProtection, [...resources.keys()].sort()];
  });
  const groups = [...world.capacity.groups.values()].map(({ min, max, policyPercent }) => [min, max, policyPercent]);
  const conditions = status.conditions.map(({ type, status: is, reason }) => [type, is, reason]);
  return { stacks: stacks.sort(), groups, conditions, executions: world.stacks.executions.map(layerOf).sort() };
}

function layerOf(execution: string): string {
  return execution.replace(/ nc-.*/, '');
}

/** Creates a site and then changes it, with a fault somewhere on the way. */
async function story(fault?: Fault): Promise<World> {
  const world = new World();
  world.interrupter.restart(fault);
  world.commit(site, documentOf(site));
  await world.run(15);
  world.commit(
    site,
    documentOf(site, { scaling: { min: 3, max: 8, targetCpuPercent: 60 }, monitoring: { logDays: 90 } }),
  );
  await world.run(15);
  return world;
}

/** Milliseconds: a whole story for each of some hundred calls, on a machine that does other things too. */
const longest = 300_000;

describe('a look that is cut off', async () => {
  const untroubled = await story();
  const expected = await reality(untroubled);
  const calls = untroubled.interrupter.calls.length;
  const indexes = Array.from({ length: calls }, (_, index) => index);

  it('has something to be cut off from', () => {
    expect(calls).toBeGreaterThan(150);
    expect(expected.conditions).toEqual([
      ['Ready', 'True', 'Succeeded'],
      ['Healthy', 'True', 'Succeeded'],
      ['Synced', 'True', 'Succeeded'],
    ]);
  });

  it(
    'at each of its calls: the next look ends where it would have',
    async () => {
      for (const at of indexes) {
        // Before a call is much the same as after the one before.
        const world = await story({ at, kind: at % 8 === 0 ? 'crash-before' : 'crash-after' });
        expect({ at, ...(await reality(world)) }).toEqual({ at, ...expected });
      }
    },
    longest,
  );

  it(
    'by throttling at each of its calls: it comes again, and nothing is lost',
    async () => {
      for (const at of indexes) {
        const world = await story({ at, kind: 'throttle' });
        expect({ at, ...(await reality(world)) }).toEqual({ at, ...expected });
        expect(world.errors.every(({ name }) => name === 'TransientError')).toBe(true);
      }
    },
    longest,
  );
});

describe('more than one', () => {
  it('look at once: one looks, and looks again for the other', async () => {
    const world = new World();
    world.bucket.put(site, documentOf(site));
    const outcomes = await Promise.all([world.look(site), world.look(site), world.look(site)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['held', 'held', 'looked']);
    expect(world.bell.messages.filter(({ at }) => at === world.clock.now)).toHaveLength(1);
    await world.run(10);
    expect(world.stacks.executions).toHaveLength(5);
  });

  it('bell, 200 at once: none fails, and nothing is done twice', async () => {
    const world = new World();
    world.bucket.put(site, documentOf(site));
    for (let count = 0; count < 200; count += 1) world.bell.messages.push({ site, at: world.clock.now });
    await world.run(10);
    expect(world.errors).toEqual([]);
    expect(world.stacks.executions).toHaveLength(5);
    expect((await world.status(site)).conditions[0]).toMatchObject({ type: 'Ready', status: 'True' });
    const before = world.outcomes.length;
    await world.run(30);
    expect(world.outcomes.length - before).toBeLessThanOrEqual(1);
  });

  it('site: a wrong document of one stops no other', async () => {
    const world = new World();
    world.commit('wrong', '{');
    world.commit(site, documentOf(site));
    world.commit('other', documentOf('other'));
    await world.run(15);
    expect((await world.status('wrong')).conditions[0]).toMatchObject({ reason: 'InvalidDocument' });
    expect((await world.status(site)).sync).toBe('Synced');
    expect((await world.status('other')).sync).toBe('Synced');
  });

  it('generation: a look that lost its lease writes nothing more', async () => {
    const world = new World();
    world.bucket.put(site, documentOf(site));
    await world.look(site);
    world.clock.advance(5_000);
    world.stacks.describe = ((describe) => async (name: string) => {
      const row = world.rows.rows.get(site);
      if (row !== undefined) row.generation += 1;
      return describe.call(world.stacks, name);
    })(world.stacks.describe);
    expect(await world.look(site)).toEqual({ kind: 'lost' });
    expect(world.stacks.executions).toEqual([]);
  });
});
