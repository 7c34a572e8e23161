import { expectObserved, until } from '../observed.ts';
import { referenceDocument } from '../operator.ts';
import type { Scene } from '../scene.ts';
import { eventsOf, eventsSince, groupOf } from '../site-observations.ts';

/** A document with three mistakes: each is shown with its place, and nothing is touched. */
export const refuse: Scene = {
  name: 'refuse',
  title: 'a document with three mistakes is committed',
  needs: ['create'],
  async play({ clients, operator, tell }) {
    const eventsBefore = await eventsOf(clients, 'production');
    const groupBefore = await groupOf(clients, 'production');
    const good = JSON.parse(await referenceDocument('production')) as Record<string, Record<string, unknown>>;
    const bad = {
      ...good,
      scaling: { ...good['scaling'], min: 9, max: 3 },
      network: { ...good['network'], nat: 'none' },
      storge: {},
    };
    await operator.commit('production', JSON.stringify(bad, null, 2));
    const issues = await until('the mistakes in the status', 30, async () => {
      const status = await operator.status('production');
      return status && status.issues.length >= 3
        ? { seen: status.issues }
        : { notYet: `${status?.issues.length} issues` };
    });
    for (const { line, column, path, message } of issues) tell(`${line}:${column}  ${path}  ${message}`);
    expectObserved(
      issues.every((issue) => issue.line > 1 && issue.column >= 1),
      'a mistake without its line and column',
    );
    for (const part of ['scaling', 'network.nat', 'storge']) {
      expectObserved(
        issues.some((issue) => issue.path.includes(part)),
        `no mistake was shown at ${part}`,
      );
    }
    const touched = eventsSince(eventsBefore, await eventsOf(clients, 'production'));
    const group = await groupOf(clients, 'production');
    expectObserved(touched.length === 0, 'a stack was touched');
    expectObserved(
      group?.MinSize === groupBefore?.MinSize && group?.MaxSize === groupBefore?.MaxSize,
      'the group was touched',
    );
    return `${issues.length} mistakes shown with line and column, nothing touched`;
  },
};
