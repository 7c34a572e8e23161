import { describe, expect, it } from 'vitest';
import type { ResourceChange } from '../../../controller/ports/stacks.ts';
import { passGates } from '../../../controller/reconcile/gates.ts';
import type { StoredLayer } from '../../../controller/reconcile/parameters.ts';
import type { PlannedLayer } from '../../../controller/reconcile/plan.ts';
import type { LayerPlan } from '../../../controller/reconcile/plan-layer.ts';
import type { Assessment } from '../../../controller/reconcile/risk.ts';
import { parseSite } from '../../../desired-state/parse.ts';
import type { LayerName } from '../../../desired-state/rendered.ts';
import { documentOf } from '../fakes/documents.ts';

const parsed = parseSite(new TextEncoder().encode(JSON.stringify(documentOf('prod'))));
if (parsed.kind !== 'site') throw new Error('the document of the tests is wrong');
const { site } = parsed;

const inPlace: ResourceChange = {
  action: 'Modify',
  logicalId: 'Thing',
  resourceType: 'AWS::EC2::SecurityGroup',
  replacement: 'False',
  scope: ['Properties'],
  details: [],
};

function ready(change: Partial<ResourceChange> = {}, assessment: Assessment = { risk: 'safe' }): LayerPlan {
  const changes = [{ change: { ...inPlace, ...change }, assessment }];
  return { kind: 'ready', arn: 'arn:1', name: 'nc-1', firstCreate: false, changes, assessment, planDigest: 'd' };
}

function planned(name: LayerName, plan: LayerPlan, needs: readonly LayerName[] = []): PlannedLayer {
  const layer: StoredLayer = {
    layer: name,
    stackName: `nextcloud-site-prod-${name}`,
    templateKey: 'k',
    templateDigest: 't',
    parameters: needs.map((other) => ({ name: other, from: 'output', layer: other, output: 'Id' })),
    tags: {},
  };
  return { layer, seen: { stack: { kind: 'absent' } }, plan };
}

function pass(layers: readonly PlannedLayer[], suspend = false) {
  const found = passGates({ ...site, suspend }, { layers, calls: [], outdatedInstances: [], leftovers: [] });
  return {
    open: [...found.open],
    waiting: [...found.waiting],
    gates: found.blockedBy.map(({ gate, subject }) => [gate, subject]),
  };
}

describe('a layer that takes the outputs of another', () => {
  it.each<[string, LayerPlan, boolean]>([
    ['is in sync', { kind: 'in-sync' }, false],
    ['changes in place', ready(), false],
    ['adds a resource', ready({ action: 'Add' }), true],
    ['replaces a resource', ready({ replacement: 'True' }), true],
    ['may replace a resource', ready({ replacement: 'Conditional' }), true],
    ['would remove a resource, which is blocked', ready({ action: 'Remove' }, { risk: 'destructive' }), true],
    ['is still being planned', { kind: 'change-set-pending', arn: 'arn:2' }, true],
    ['waits itself', { kind: 'waiting-for-inputs', reason: 'DependencyNotReady', missing: ['x'] }, true],
    ['failed, and keeps its outputs', { kind: 'remembered-failure', message: 'no', attempts: 1 }, false],
    [
      'needs a person, and keeps its outputs',
      { kind: 'unrecoverable', status: 'UPDATE_ROLLBACK_FAILED', reason: 'StackRollbackFailed', nextStep: 'x' },
      false,
    ],
  ])('when that one %s', (_name, network, waits) => {
    const { open, waiting } = pass([planned('network', network), planned('data', ready(), ['network'])]);
    expect(waiting).toEqual(waits ? [['data', 'network']] : []);
    expect(open.includes('data')).toBe(!waits);
  });

  it('waits for no layer whose outputs it does not take', () => {
    const { open } = pass([planned('network', ready({}, { risk: 'forbidden' })), planned('access', ready())]);
    expect(open).toEqual(['access']);
  });
});

describe('the gates', () => {
  it('list everything that blocks at once', () => {
    const layers = [
      planned('network', ready({ action: 'Remove' }, { risk: 'destructive', why: 'remove of Vpc' })),
      planned('data', ready({ replacement: 'True' }, { risk: 'forbidden', why: 'Database would be replaced' })),
      planned('web', ready({}, { risk: 'disruptive', why: 'it interrupts' })),
      planned('access', ready()),
    ];
    expect(pass(layers)).toEqual({
      open: ['access'],
      waiting: [],
      gates: [
        ['approval', 'network'],
        ['forbidden', 'data'],
        ['window', 'web'],
      ],
    });
    expect(pass(layers, true)).toMatchObject({
      open: [],
      gates: [
        ['suspended', 'site'],
        ['approval', 'network'],
        ['forbidden', 'data'],
        ['window', 'web'],
      ],
    });
  });
});
