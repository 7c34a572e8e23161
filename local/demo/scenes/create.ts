import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeMountTargetsCommand } from '@aws-sdk/client-efs';
import { DescribeReplicationGroupsCommand } from '@aws-sdk/client-elasticache';
import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { expectObserved, until } from '../observed.ts';
import { referenceDocument } from '../operator.ts';
import type { Scene, Theatre } from '../scene.ts';
import { groupOf, healthyTargets, stacksOf } from '../site-observations.ts';

/** production.json is committed: its layers appear, its nodes launch, and a node that stops answering is noticed. */
export const create: Scene = {
  name: 'create',
  title: 'production.json is committed',
  needs: ['deploy'],
  async play(theatre) {
    const { clients, operator, tell } = theatre;
    expectObserved((await stacksOf(clients, 'production')).length === 0, 'a stack of the site before it was committed');
    const revision = await operator.commit('production', await referenceDocument('production'));
    tell(`committed, revision ${revision}`);
    const stacks = await layersCreated(theatre);
    const nodes = await nodesServing(theatre);
    await dataAvailable(theatre);
    await statusIs(theatre, 'Synced', 'Healthy');
    tell('status: Synced, Healthy');
    const gone = await aNodeStopsAnswering(theatre, nodes);
    return `${stacks.length} layers, ${nodes.length} nodes serving, Synced and Healthy; ${gone} stopped answering: Degraded`;
  },
};

const settled = /^(CREATE|UPDATE)_COMPLETE$/;
const layersOfProduction = ['network', 'certificate', 'data', 'web', 'access'];

function layersCreated({ clients, tell }: Theatre): Promise<readonly Stack[]> {
  const told = new Set<string>();
  return until('all layers created', 100, async () => {
    const stacks = await stacksOf(clients, 'production');
    for (const { StackName, StackStatus } of stacks) {
      const line = `${StackName} ${StackStatus}`;
      if (!told.has(line)) tell(line);
      told.add(line);
    }
    const missing = layersOfProduction.filter(
      (layer) =>
        !stacks.some(
          (stack) => stack.StackName?.includes(`-production-${layer}`) && settled.test(stack.StackStatus ?? ''),
        ),
    );
    return missing.length === 0 ? { seen: stacks } : { notYet: `not complete: ${missing.join(', ')}` };
  });
}

function nodesServing({ clients, tell }: Theatre): Promise<readonly string[]> {
  const told = new Set<string>();
  return until('nodes in service and healthy at the load balancer', 100, async () => {
    const group = await groupOf(clients, 'production');
    if (!group) return { notYet: 'no group' };
    for (const instance of group.Instances ?? []) {
      const line = `${instance.InstanceId} in ${instance.AvailabilityZone} ${instance.LifecycleState}`;
      if (!told.has(line)) tell(line);
      told.add(line);
    }
    const healthy = await healthyTargets(clients, group);
    const zones = new Set((group.Instances ?? []).map((instance) => instance.AvailabilityZone));
    if (healthy.length < 2) return { notYet: `${healthy.length} of 2 healthy` };
    expectObserved(zones.size >= 2, `nodes in one zone only: ${[...zones].join(', ')}`);
    const { Reservations } = await clients.ec2.send(new DescribeInstancesCommand({ InstanceIds: [...healthy] }));
    const running = (Reservations ?? [])
      .flatMap((reservation) => reservation.Instances ?? [])
      .filter((instance) => instance.State?.Name === 'running');
    expectObserved(running.length === healthy.length, 'a healthy target whose instance is not running');
    return { seen: healthy };
  });
}

async function dataAvailable({ clients, tell }: Theatre): Promise<void> {
  const data = (await stacksOf(clients, 'production')).find((stack) => stack.StackName?.endsWith('-data'));
  const output = (key: string) => data?.Outputs?.find((one) => one.OutputKey === key)?.OutputValue;
  const { DBInstances } = await clients.rds.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: output('DatabaseIdentifier') }),
  );
  const database = DBInstances?.[0];
  expectObserved(
    database?.DBInstanceStatus === 'available',
    `the database is ${database?.DBInstanceStatus ?? 'absent'}`,
  );
  expectObserved(database?.MultiAZ === true, 'the database is not Multi-AZ');
  const { ReplicationGroups } = await clients.elastiCache.send(
    new DescribeReplicationGroupsCommand({ ReplicationGroupId: output('CacheReplicationGroupId') }),
  );
  expectObserved(
    ReplicationGroups?.[0]?.Status === 'available',
    `the cache is ${ReplicationGroups?.[0]?.Status ?? 'absent'}`,
  );
  const { MountTargets } = await clients.efs.send(
    new DescribeMountTargetsCommand({ FileSystemId: output('FileSystemId') }),
  );
  const zones = new Set((MountTargets ?? []).map((target) => target.AvailabilityZoneName));
  expectObserved(zones.size === 3, `mount targets in ${zones.size} of 3 zones`);
  tell('database, cache and file system available in their zones');
}

function statusIs({ operator }: Theatre, sync: string, health: string, deadline = 60): Promise<void> {
  return until(`status ${sync}, ${health}`, deadline, async () => {
    const status = await operator.status('production');
    if (status?.sync === sync && status.health === health) return { seen: undefined };
    const conditions = status?.conditions.map((one) => `${one.type}=${one.status} ${one.reason}: ${one.message}`);
    return { notYet: status ? `${status.sync}, ${status.health} (${conditions?.join('; ')})` : 'no status file' };
  });
}

/**
 * A person with a shell on the node kills its program; the load balancer notices, and a look says so. The operator asks for that
 * look: the alarm on unhealthy hosts (UnhealthyHostBell) rings by itself, with CloudWatch's minute, which a demo has not.
 */
async function aNodeStopsAnswering(theatre: Theatre, nodes: readonly string[]): Promise<string> {
  const { clients, operator, stage, tell } = theatre;
  const [victim] = nodes;
  if (!victim) throw new Error('no node to stop');
  const pid = Number(await readFile(join(stage.aws.stateDir, 'instances', victim, 'pid'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  tell(`${victim}: its program is killed on the node`);
  await until('the load balancer sees it', 40, async () => {
    const group = await groupOf(clients, 'production');
    const healthy = group ? await healthyTargets(clients, group) : [];
    return healthy.includes(victim) ? { notYet: 'still healthy' } : { seen: undefined };
  });
  tell(`${victim}: no longer healthy at the load balancer`);
  const requestedAt = new Date().toISOString();
  await operator.requestLook('production', requestedAt);
  await statusIs(theatre, 'Synced', 'Degraded');
  const status = await operator.status('production');
  expectObserved(status?.lastHandledReconcileAt === requestedAt, 'the status does not echo the request for a look');
  const why = status?.conditions.find((condition) => condition.type === 'Healthy')?.message;
  tell(`status: Synced, Degraded: ${why}`);
  return victim;
}
