import type { StackState } from '../../../controller/ports/stacks.ts';
import { emptyMemory } from '../../../controller/reconcile/memory.ts';
import type { Observation } from '../../../controller/reconcile/observation.ts';
import { planSite } from '../../../controller/reconcile/plan.ts';
import { parseSite } from '../../../desired-state/parse.ts';
import { render } from '../../../infra/site/render.ts';
import { referenceDocument } from '../../../local/demo/operator.ts';
import { type Figure, figure, type Measure, median } from '../figure.ts';

/** Planning 1,000 reference sites, pure: all stacks complete, all outputs there, memory lost, so every layer is planned. */
export const planning: Measure = async (): Promise<readonly Figure[]> => {
  const parsed = parseSite(new TextEncoder().encode(await referenceDocument('production')));
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues));
  const { site } = parsed;
  const layers = render(site, 'bench').layers.map(({ templateBody: _, ...layer }) => ({
    ...layer,
    templateKey: `rendered/production/v.bench/${layer.layer}.template.json`,
  }));
  const sources = layers.flatMap((layer) => layer.parameters);
  const outputs = Object.fromEntries(sources.flatMap((one) => (one.from === 'output' ? [[one.output, 'x']] : [])));
  const images = Object.fromEntries(
    sources.flatMap((one) => ('ssmParameter' in one ? [[one.ssmParameter, 'ami']] : [])),
  );
  const stack: StackState = {
    kind: 'present',
    stackId: 'arn:aws:cloudformation:eu-west-3:000000000000:stack/x/y',
    status: 'UPDATE_COMPLETE',
    parameters: {},
    outputs,
    terminationProtection: true,
  };
  const observed: Observation = {
    layers: Object.fromEntries(layers.map((layer) => [layer.layer, { stack }])),
    images,
    group: { kind: 'absent' },
    health: {},
    leftovers: [],
  };
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (let planned = 0; planned < 1000; planned += 1) planSite(site, layers, observed, emptyMemory, planned);
    return performance.now() - start;
  });
  return [figure('planning 1,000 sites', median(runs) / 1000, 's', 1)];
};
