import { expectObserved, until } from '../observed.ts';
import { referenceDocument } from '../operator.ts';
import type { Scene } from '../scene.ts';
import { eventsOf, eventsSince, inventoryOf } from '../site-observations.ts';
import { appliedIs } from './update.ts';

/** A document that disappears orphans its site and touches nothing; put back, it is the same site. */
export const orphan: Scene = {
  name: 'orphan',
  title: 'the document is removed, then put back',
  needs: ['create'],
  async play({ clients, operator, tell }) {
    const document = await lastGoodDocument();
    await appliedIs(operator, await operator.commit('production', document));
    const eventsBefore = await eventsOf(clients, 'production');
    const before = await inventoryOf(clients, 'production');
    await operator.remove('production');
    await until('the site is called orphaned', 30, async () => {
      const status = await operator.status('production');
      const reasons = status?.conditions.map((condition) => condition.reason) ?? [];
      return reasons.includes('Orphaned') ? { seen: undefined } : { notYet: reasons.join(', ') };
    });
    expectSame(before, await inventoryOf(clients, 'production'));
    tell(`orphaned: all ${before.length} resources are still there`);
    await appliedIs(operator, await operator.commit('production', document));
    expectSame(before, await inventoryOf(clients, 'production'));
    const touched = eventsSince(eventsBefore, await eventsOf(clients, 'production'));
    expectObserved(
      touched.length === 0,
      `stacks were touched: ${touched.map((event) => event.LogicalResourceId).join(', ')}`,
    );
    return `all ${before.length} resources stayed; put back: the same site, nothing created anew`;
  },
};

/** The document as the update scene left it, so that the scene shows the orphan and no other change. */
async function lastGoodDocument(): Promise<string> {
  const document = JSON.parse(await referenceDocument('production')) as Record<string, Record<string, unknown>>;
  document['scaling'] = { ...document['scaling'], max: 8 };
  document['monitoring'] = { ...document['monitoring'], logDays: 90 };
  return JSON.stringify(document, null, 2);
}

function expectSame(before: readonly string[], now: readonly string[]): void {
  const gone = before.filter((resource) => !now.includes(resource));
  const added = now.filter((resource) => !before.includes(resource));
  expectObserved(gone.length === 0, `gone: ${gone.join(', ')}`);
  expectObserved(added.length === 0, `created anew: ${added.join(', ')}`);
}
