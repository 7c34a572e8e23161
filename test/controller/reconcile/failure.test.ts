import { describe, expect, it } from 'vitest';
import { documentOf } from '../fakes/documents.ts';
import { World } from '../fakes/world.ts';

const site = 'prod';
const stack = (layer: string) => `nextcloud-site-prod-${layer}`;
const longerLogs = (days: number) => documentOf(site, { monitoring: { logDays: days } });

async function converged(): Promise<World> {
  const world = new World();
  world.commit(site, documentOf(site));
  await world.run(10);
  return world;
}

async function ready(world: World) {
  const condition = (await world.status(site)).conditions.find(({ type }) => type === 'Ready');
  return { status: condition?.status, reason: condition?.reason, message: condition?.message };
}

const invalid = { logicalId: 'Logs', reason: 'Value 61 is not a valid retention' };
const throttled = { logicalId: 'Logs', reason: 'Rate exceeded (Service: Logs, Status Code: 400)' };

describe('an update that fails', () => {
  it('is rolled back, remembered with its cause, and not tried again by itself', async () => {
    const world = await converged();
    world.stacks.failures.set(stack('web'), invalid);
    world.commit(site, longerLogs(60));
    await world.run(180);
    expect(await ready(world)).toMatchObject({ status: 'False', reason: 'ReconciliationFailed' });
    expect((await ready(world)).message).toContain('Logs (AWS::Logs::LogGroup): Value 61 is not a valid retention');
    expect(world.stacks.executions).toHaveLength(6);
    expect(await world.status(site)).toMatchObject({
      lastFailedRevision: 'commit-v2',
      lastAppliedRevision: 'commit-v1',
    });
  });

  it('is tried once more by a manual request, once a token', async () => {
    const world = await converged();
    world.stacks.failures.set(stack('web'), invalid);
    world.commit(site, longerLogs(60));
    await world.run(5);
    world.stacks.failures.set(stack('web'), invalid);
    await world.look(site, 'token-1');
    await world.run(5);
    expect(world.stacks.executions).toHaveLength(7);
    await world.look(site, 'token-1');
    await world.run(5);
    expect(world.stacks.executions).toHaveLength(7);
    await world.look(site, 'token-2');
    await world.run(5);
    expect(await ready(world)).toMatchObject({ status: 'True' });
    expect((await world.status(site)).lastHandledReconcileAt).toBe('token-2');
  });

  it('does not stand in the way of a newer plan, nor of going back', async () => {
    const world = await converged();
    world.stacks.failures.set(stack('web'), invalid);
    world.commit(site, longerLogs(60));
    await world.run(5);
    world.commit(site, longerLogs(90));
    await world.run(5);
    expect(await ready(world)).toMatchObject({ status: 'True' });
    world.stacks.failures.set(stack('web'), invalid);
    world.commit(site, longerLogs(120));
    await world.run(5);
    world.commit(site, longerLogs(90));
    await world.run(5);
    expect(await ready(world)).toMatchObject({ status: 'True' });
    // Going back found nothing to change.
    expect(world.stacks.executions).toHaveLength(8);
  });

  it('for throttling is tried again by itself', async () => {
    const world = await converged();
    world.stacks.failures.set(stack('web'), throttled);
    world.commit(site, longerLogs(60));
    await world.run(10);
    expect(await ready(world)).toMatchObject({ status: 'True' });
    expect(world.stacks.executions).toHaveLength(7);
  });

  it('for throttling again and again is left to a person in the end', async () => {
    const world = await converged();
    world.stacks.failures.set(stack('web'), { ...throttled, always: true });
    world.commit(site, longerLogs(60));
    await world.run(180);
    expect(await ready(world)).toMatchObject({ status: 'False', reason: 'RetryLimitReached' });
    expect(world.stacks.executions).toHaveLength(5 + 10);
  });
});

describe('a change set that cannot be made', () => {
  it('fails its plan, and leaves no change set behind', async () => {
    const world = await converged();
    world.stacks.changeSetFailures.set(stack('web'), 'Parameters: [ImageId] must be valid');
    world.commit(site, longerLogs(60));
    await world.run(5);
    expect(await ready(world)).toMatchObject({ status: 'False', reason: 'ReconciliationFailed' });
    expect(world.stacks.stacks.get(stack('web'))?.changeSets.filter((one) => one.failure && !one.deleted)).toEqual([]);
    await world.look(site, 'again');
    await world.run(5);
    expect(await ready(world)).toMatchObject({ status: 'True' });
  });
});

describe('a first create that fails', () => {
  it('keeps what it made and is fixed forward by the next commit', async () => {
    const world = new World();
    world.stacks.failures.set(stack('data'), { logicalId: 'Database', reason: 'no such instance class' });
    world.commit(site, documentOf(site));
    await world.run(10);
    expect(world.stacks.stacks.get(stack('data'))?.status).toBe('CREATE_FAILED');
    expect(await ready(world)).toMatchObject({ status: 'False', reason: 'ReconciliationFailed' });
    // The other layers that do not need it went on.
    expect(world.stacks.stacks.get(stack('access'))?.status).toBe('CREATE_COMPLETE');
    world.commit(site, documentOf(site, { database: { instanceClass: 'db.m7g.xlarge' } }));
    await world.run(10);
    expect(world.stacks.stacks.get(stack('data'))?.status).toBe('UPDATE_COMPLETE');
    expect(await ready(world)).toMatchObject({ status: 'True' });
  });

  it('may fail more than once', async () => {
    const world = new World();
    world.stacks.failures.set(stack('network'), { logicalId: 'Vpc', reason: 'the limit of VPCs is reached' });
    world.commit(site, documentOf(site));
    await world.run(5);
    world.stacks.failures.set(stack('network'), { logicalId: 'Vpc', reason: 'the limit of VPCs is reached' });
    await world.look(site, 'try-1');
    await world.run(5);
    expect(world.stacks.stacks.get(stack('network'))?.status).toBe('UPDATE_FAILED');
    await world.look(site, 'try-2');
    await world.run(10);
    expect(await ready(world)).toMatchObject({ status: 'True' });
  });
});

describe('what is lost', () => {
  it('the work row: memory comes back from the status, and nothing is done twice', async () => {
    const world = await converged();
    world.rows.rows.clear();
    const before = world.stacks.created.length;
    await world.look(site);
    expect(world.stacks.created).toHaveLength(before);
    expect(await ready(world)).toMatchObject({ status: 'True' });
  });

  it('the whole table: memory comes back from the status file', async () => {
    const world = await converged();
    world.rows.rows.clear();
    world.statuses.items.clear();
    const before = world.stacks.created.length;
    await world.look(site);
    expect(world.stacks.created).toHaveLength(before);
    expect(await ready(world)).toMatchObject({ status: 'True' });
  });

  it('everything that was remembered: a change set a layer finds nothing to do', async () => {
    const world = await converged();
    world.rows.rows.clear();
    world.statuses.items.clear();
    world.statuses.files.clear();
    const before = world.stacks.created.length;
    await world.look(site);
    await world.run(2);
    expect(world.stacks.created).toHaveLength(before + 5);
    expect(world.stacks.executions).toHaveLength(5);
    expect(await ready(world)).toMatchObject({ status: 'True' });
  });

  it('the stack that held the data: it is not created empty by itself', async () => {
    const world = await converged();
    world.stacks.stacks.delete(stack('data'));
    const before = world.stacks.created.length;
    await world.look(site);
    await world.run(120);
    expect(world.stacks.created).toHaveLength(before);
    expect(await ready(world)).toMatchObject({ status: 'False', reason: 'UnrecoverableStackFailure' });
  });
});
