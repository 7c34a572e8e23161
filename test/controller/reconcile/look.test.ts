import { describe, expect, it } from 'vitest';
import { documentOf } from '../fakes/documents.ts';
import { World } from '../fakes/world.ts';

const site = 'prod';

async function converged(): Promise<World> {
  const world = new World();
  world.commit(site, documentOf(site));
  await world.run(10);
  return world;
}

describe('look', () => {
  it('creates a site from nothing, layer by layer, and finds it synced and healthy', async () => {
    const world = await converged();
    const status = await world.status(site);
    expect(status.layers.map(({ layer, state }) => [layer, state])).toEqual([
      ['network', 'in sync'],
      ['certificate', 'in sync'],
      ['data', 'in sync'],
      ['web', 'in sync'],
      ['access', 'in sync'],
    ]);
    expect([status.sync, status.health]).toEqual(['Synced', 'Healthy']);
    expect(world.stacks.executions).toHaveLength(5);
    expect(world.errors).toEqual([]);
  });
});
