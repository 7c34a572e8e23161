import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangeSetState, type StackState, stackStatuses } from '../../../controller/ports/stacks.ts';
import { absorbSite, alignMemory } from '../../../controller/reconcile/align.ts';
import { passGates } from '../../../controller/reconcile/gates.ts';
import { emptyMemory, type LayerMemory } from '../../../controller/reconcile/memory.ts';
import type { LayerObservation, Observation } from '../../../controller/reconcile/observation.ts';
import { planSite } from '../../../controller/reconcile/plan.ts';
import { stepsOf } from '../../../controller/reconcile/steps.ts';
import { layerStatusOf } from '../../../controller/status/layer-status.ts';
import { syncOf } from '../../../controller/status/sync.ts';
import { parseSite } from '../../../desired-state/parse.ts';
import { layerNames } from '../../../desired-state/rendered.ts';
import { documentOf } from '../fakes/documents.ts';
import { renderMiniature } from '../fakes/miniature-site.ts';
import { World } from '../fakes/world.ts';

const parsed = parseSite(new TextEncoder().encode(JSON.stringify(documentOf('prod'))));
if (parsed.kind !== 'site') throw new Error('the document of the tests is wrong');
const { site } = parsed;
const layers = renderMiniature(site, 'r1').layers.map(({ templateBody: _, ...layer }) => ({
  ...layer,
  templateKey: `rendered/prod/v1.r1/${layer.layer}.template.json`,
}));

const arn = fc.constantFrom('arn:aws:cs:1', 'arn:aws:cs:2');
const digest = fc.constantFrom('0'.repeat(64), ...layers.map((layer) => layer.templateDigest));
const identity = fc.record({ templateDigest: digest, parametersDigest: digest });
const outputNames = layers.flatMap((layer) =>
  layer.parameters.flatMap((one) => (one.from === 'output' ? [one.output] : [])),
);
const texts = fc.dictionary(fc.constantFrom(...outputNames, 'AutoScalingGroupName'), fc.string());

const stack: fc.Arbitrary<StackState> = fc.oneof(
  fc.constant({ kind: 'absent' } as const),
  fc.record(
    {
      kind: fc.constant('present' as const),
      stackId: fc.string(),
      status: fc.constantFrom(...stackStatuses),
      statusReason: fc.string(),
      changeSetId: arn,
      parameters: texts,
      outputs: texts,
      terminationProtection: fc.boolean(),
    },
    { requiredKeys: ['kind', 'stackId', 'status', 'parameters', 'outputs', 'terminationProtection'] },
  ),
);

const change = fc.record({
  action: fc.constantFrom('Add', 'Modify', 'Remove', 'Import', 'Dynamic', 'SyncWithActual'),
  logicalId: fc.string(),
  resourceType: fc.constantFrom('AWS::RDS::DBInstance', 'AWS::Logs::LogGroup', ''),
  replacement: fc.constantFrom('True', 'False', 'Conditional'),
  scope: fc.array(fc.string()),
  details: fc.array(
    fc.record({ attribute: fc.string(), name: fc.string(), beforeValue: fc.string(), afterValue: fc.string() }),
    { maxLength: 3 },
  ),
});

const changeSet: fc.Arbitrary<ChangeSetState> = fc.oneof(
  fc.constant({ kind: 'absent' } as const),
  fc.record({ kind: fc.constantFrom('pending', 'no-changes', 'obsolete'), arn }),
  fc.record({ kind: fc.constant('available' as const), arn, changes: fc.array(change, { maxLength: 4 }) }),
  fc.record({ kind: fc.constant('failed' as const), arn, reason: fc.string() }),
  fc.record({
    kind: fc.constant('executed' as const),
    arn,
    outcome: fc.constantFrom('in-progress', 'complete', 'failed'),
  }),
) as fc.Arbitrary<ChangeSetState>;

const seenLayer = fc.record({ stack, changeSet }, { requiredKeys: ['stack'] }) as fc.Arbitrary<LayerObservation>;

const layerMemory = (stackName: string) =>
  fc.record(
    {
      stackName: fc.constantFrom(stackName, 'nextcloud-site-prod-certificate-0000aaaa'),
      applied: identity.chain((one) => arn.map((changeSetId) => ({ ...one, changeSetId }))),
      pending: identity.chain((one) => arn.map((id) => ({ ...one, name: 'nc-1', arn: id }))),
      failed: identity.map((one) => ({ ...one, reason: 'Rate exceeded', at: 0, attempts: 1, retryAt: 5 })),
    },
    { requiredKeys: ['stackName'] },
  ) as fc.Arbitrary<LayerMemory>;

const memory = fc
  .record(Object.fromEntries(layers.map((layer) => [layer.layer, layerMemory(layer.stackName)])), { requiredKeys: [] })
  .map((found) => ({ ...emptyMemory, layers: found }));

const observation = fc.record({
  layers: fc.record(Object.fromEntries(layerNames.map((name) => [name, seenLayer])), { requiredKeys: [] }),
  images: fc.dictionary(fc.constantFrom('/nextcloud-gitops/images/nextcloud-35-arm64'), fc.string()),
  group: fc.oneof(
    fc.constant({ kind: 'absent' }),
    fc.record({
      kind: fc.constant('present'),
      name: fc.string(),
      min: fc.nat(9),
      max: fc.nat(9),
      desired: fc.nat(9),
      instances: fc.constant([]),
    }),
  ),
  health: fc.constant({}),
  leftovers: fc.array(fc.string(), { maxLength: 2 }),
}) as fc.Arbitrary<Observation>;

describe('planning', () => {
  it('never throws, whatever is remembered and observed, and takes a bounded bundle of independent steps', () => {
    void fc.assert(
      fc.property(memory, observation, fc.boolean(), (remembered, observed, suspend) => {
        const aligned = alignMemory(remembered, layers);
        const absorbed = absorbSite(aligned, layers, observed, { now: 10, jitter: 0.5 }, false);
        const declared = { ...site, suspend };
        const plan = planSite(declared, layers, observed, absorbed.memory, 10);
        const passage = passGates(declared, plan);
        const steps = stepsOf(declared, plan, passage, absorbed.spent, { revision: 'r' });
        expect(steps.length).toBeLessThanOrEqual(layers.length * 4 + 2);
        if (suspend) expect(steps).toEqual([]);
        for (const name of layerNames) {
          const moving = steps.filter((step) => 'layer' in step && step.layer === name);
          expect(
            moving.filter(({ kind }) => kind === 'create-change-set' || kind === 'execute-change-set').length,
          ).toBeLessThanOrEqual(1);
        }
        expect(plan.layers.map((one) => layerStatusOf(one, passage).state)).not.toContain('');
        expect(syncOf(declared, plan, passage).synced.message).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('executes nothing that is not safe, nor twice', () => {
    void fc.assert(
      fc.property(memory, observation, (remembered, observed) => {
        const absorbed = absorbSite(alignMemory(remembered, layers), layers, observed, { now: 10, jitter: 0.5 }, false);
        const plan = planSite(site, layers, observed, absorbed.memory, 10);
        const steps = stepsOf(site, plan, passGates(site, plan), absorbed.spent, { revision: 'r' });
        for (const step of steps) {
          if (step.kind !== 'execute-change-set') continue;
          const planned = plan.layers.find((one) => one.layer.layer === step.layer);
          expect(planned?.plan).toMatchObject({ kind: 'ready', assessment: { risk: 'safe' } });
          expect(planned?.seen.changeSet?.kind).toBe('available');
        }
      }),
      { numRuns: 500 },
    );
  });
});

const scaling = fc
  .integer({ min: 2, max: 4 })
  .chain((min) => fc.integer({ min, max: 8 }).map((max) => ({ min, max, targetCpuPercent: 50 })));
const commit = fc.record({
  scaling,
  monitoring: fc.record({ logDays: fc.constantFrom(30, 60, 90) }),
  access: fc.record({ bastion: fc.record({ enabled: fc.boolean(), allowedCidrs: fc.constant(['203.0.113.0/24']) }) }),
});

describe('any commits', () => {
  it('come to rest; planning after applying is empty', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(commit, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 3 }),
        async (commits, minutes) => {
          const world = new World();
          for (const changes of commits) {
            world.commit('prod', documentOf('prod', changes));
            await world.run(minutes);
          }
          await world.run(20);
          expect(world.errors).toEqual([]);
          const outcome = await world.look('prod');
          expect(outcome).toMatchObject({ kind: 'looked', steps: [] });
          const { conditions } = await world.status('prod');
          expect(['Succeeded', 'AwaitingApproval']).toContain(conditions[0]?.reason);
        },
      ),
      { numRuns: 25 },
    );
  });
});
