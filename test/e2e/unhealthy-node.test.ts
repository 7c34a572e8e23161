import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { EC2Client, RebootInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import { deployController } from '../../local/demo/controller.ts';
import { until } from '../../local/demo/observed.ts';
import { type Operator, operate, referenceDocument } from '../../local/demo/operator.ts';
import { rootCredentials } from '../../local/demo/root-credentials.ts';
import { groupOf, healthyTargets } from '../../local/demo/site-observations.ts';
import { openStage, type Stage } from '../../local/demo/stage.ts';

let stage: Stage;
let operator: Operator;
beforeAll(async () => {
  stage = await openStage(() => undefined);
  operator = await operate(stage.operator, await deployController(stage.aws, () => undefined));
});
afterAll(() => stage.close());

test('a site is Degraded because the alarm of a node rings, with no request by anybody, and Healthy when the node is back', async () => {
  await operator.commit('production', await referenceDocument('production'));
  await statusIs('Healthy', 180);
  // Until the alarms have settled, so that what changes from here on is the node's doing.
  await bellIs('OK', 180);

  const group = await groupOf(stage.operator, 'production');
  const [victim] = group ? await healthyTargets(stage.operator, group) : [];
  if (victim === undefined) throw new Error('the site has no healthy node');
  process.kill(Number(await readFile(join(stage.aws.stateDir, 'instances', victim, 'pid'), 'utf8')), 'SIGKILL');
  const degraded = await statusIs('Degraded', 240);
  expect(degraded.conditions.find((condition) => condition.type === 'Healthy')).toMatchObject({
    status: 'False',
    reason: 'HealthCheckFailed',
  });
  expect(degraded.lastHandledReconcileAt).toBeUndefined();
  // The look came after the alarm, not before.
  expect(await bellState()).toBe('ALARM');

  const { aws } = stage;
  const ec2 = new EC2Client({ endpoint: aws.endpoint, region: aws.region, credentials: rootCredentials(aws) });
  await ec2.send(new RebootInstancesCommand({ InstanceIds: [victim] }));
  ec2.destroy();
  const healthy = await statusIs('Healthy', 240);
  expect(healthy.lastHandledReconcileAt).toBeUndefined();
});

function statusIs(health: SiteStatus['health'], deadlineSeconds: number): Promise<SiteStatus> {
  return until(`status ${health}`, deadlineSeconds, async () => {
    const status = await operator.status('production');
    return status?.health === health ? { seen: status } : { notYet: status?.health ?? 'no status file' };
  });
}

function bellIs(state: string, deadlineSeconds: number): Promise<true> {
  return until(`the bell's alarm ${state}`, deadlineSeconds, async () => {
    const now = await bellState();
    return now === state ? { seen: true } : { notYet: now ?? 'no alarm' };
  });
}

/** The state of the alarm that rings for a node, by CloudWatch's own answer to the account's owner. */
async function bellState(): Promise<string | undefined> {
  const { aws } = stage;
  const cloudWatch = new CloudWatchClient({
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: rootCredentials(aws),
  });
  const AlarmNamePrefix = 'nextcloud-site-production-web-UnhealthyHostBell';
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix }));
  cloudWatch.destroy();
  return MetricAlarms?.[0]?.StateValue;
}
