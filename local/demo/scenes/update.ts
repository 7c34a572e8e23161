import { expectObserved, until } from '../observed.ts';
import { type Notification, referenceDocument } from '../operator.ts';
import type { Scene, Theatre } from '../scene.ts';
import { eventsOf, eventsSince, groupOf, logRetentionOf } from '../site-observations.ts';

interface Document {
  scaling: { min: number; max: number };
  monitoring?: { logDays?: number };
}

/** Scale is an API call that touches no stack; a change of the structure touches what it names and nothing else. */
export const update: Scene = {
  name: 'update',
  title: 'the maximum is raised from 6 to 8, then logs are kept longer',
  needs: ['create'],
  async play(theatre) {
    const document = JSON.parse(await referenceDocument('production')) as Document;
    const scale = await raiseMaximum(theatre, document);
    const logs = await keepLogsLonger(theatre, document);
    return `${scale}; ${logs}`;
  },
};

async function raiseMaximum({ clients, operator, tell }: Theatre, document: Document): Promise<string> {
  const before = await groupOf(clients, 'production');
  expectObserved(before?.MaxSize === 6, `the maximum was ${before?.MaxSize} before, not 6`);
  const eventsBefore = await eventsOf(clients, 'production');
  await operator.notifications();
  document.scaling.max = 8;
  const start = performance.now();
  const revision = await operator.commit('production', JSON.stringify(document, null, 2));
  await until('the group has its new maximum', 30, async () => {
    const group = await groupOf(clients, 'production');
    return group?.MaxSize === 8 ? { seen: undefined } : { notYet: `maximum ${group?.MaxSize}` };
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  tell(`the group's maximum is 8, ${seconds} s after the commit`);
  await appliedIs(operator, revision);
  const touched = eventsSince(eventsBefore, await eventsOf(clients, 'production'));
  expectObserved(
    touched.length === 0,
    `stacks were touched: ${touched.map((event) => event.LogicalResourceId).join(', ')}`,
  );
  const heard = await notificationOf(operator, revision);
  tell(`notified: ${heard.reason}: ${heard.message}`);
  return `maximum 6 → 8 in ${seconds} s, no stack touched, notified`;
}

async function keepLogsLonger({ clients, operator, tell }: Theatre, document: Document): Promise<string> {
  const eventsBefore = await eventsOf(clients, 'production');
  const before = await logRetentionOf(clients, 'production');
  const inventory = [...before.values()];
  expectObserved(inventory.length > 0, 'the site has no log group');
  document.monitoring = { ...document.monitoring, logDays: 90 };
  expectObserved(!inventory.includes(90), 'a log group kept 90 days already');
  const revision = await operator.commit('production', JSON.stringify(document, null, 2));
  const changed = await until('log groups keep 90 days', 60, async () => {
    const now = await logRetentionOf(clients, 'production');
    const names = [...now].filter(([, days]) => days === 90).map(([name]) => name);
    return names.length > 0 ? { seen: names } : { notYet: [...now].map((entry) => entry.join(' ')).join(', ') };
  });
  await appliedIs(operator, revision);
  const touched = eventsSince(eventsBefore, await eventsOf(clients, 'production'))
    .filter((event) => event.ResourceType !== 'AWS::CloudFormation::Stack')
    .map((event) => `${event.LogicalResourceId} (${event.ResourceType})`);
  // The load balancer's access logs lie in a bucket, for as long as the others.
  const others = [...new Set(touched)].filter((one) => !/AWS::Logs::LogGroup|^LogBucket /.test(one));
  expectObserved(touched.length > 0 && others.length === 0, `more than logs was touched: ${others.join(', ')}`);
  tell(`${[...new Set(touched)].join(', ')}: touched, and nothing else`);
  return `${changed.length} log groups keep 90 days, nothing else touched`;
}

/** The status names the revision as applied. */
export function appliedIs(operator: Theatre['operator'], revision: string): Promise<void> {
  return until(`revision ${revision} applied`, 60, async () => {
    const status = await operator.status('production');
    const blocked = status?.blockedBy.map((one) => `${one.subject}: ${one.message}`).join('; ');
    return status?.lastAppliedRevision === revision
      ? { seen: undefined }
      : { notYet: `applied ${status?.lastAppliedRevision}, attempted ${status?.lastAttemptedRevision} ${blocked}` };
  });
}

function notificationOf(operator: Theatre['operator'], revision: string): Promise<Notification> {
  return until('a notification of this revision', 30, async () => {
    const heard = await operator.notifications();
    const ours = heard.find((one) => JSON.stringify(one).includes(revision));
    return ours ? { seen: ours } : { notYet: `${heard.length} others` };
  });
}
