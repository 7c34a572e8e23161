import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { parseSite } from '../../desired-state/parse.ts';
import { controllerOutputs, type LayerName, type ParameterSource } from '../../desired-state/rendered.ts';
import { render } from '../../infra/site/render.ts';

// What one would use instead of the controller: a CDK app with the same stacks, one a layer, deployed by `cdk deploy`. The
// bounds of the group are properties of its template here, because nothing else would set them.
const document = process.env['BENCH_DOCUMENT'] ?? '';
const images: Record<string, string> = JSON.parse(process.env['BENCH_IMAGES'] ?? '{}');
const parsed = parseSite(readFileSync(document), {});
if (parsed.kind === 'issues') throw new Error(`${document}: ${JSON.stringify(parsed.issues)}`);

const app = new App({ analyticsReporting: false });
const folder = mkdtempSync(join(tmpdir(), 'bench-templates-'));
const included = new Map<LayerName, CfnInclude>();
for (const layer of render(parsed.site, 'bench').layers) {
  const templateFile = join(folder, `${layer.layer}.json`);
  writeFileSync(templateFile, layer.templateBody);
  const stack = new Stack(app, layer.stackName, {
    env: { account: process.env['CDK_DEFAULT_ACCOUNT'] ?? '', region: parsed.site.region },
    tags: { ...layer.tags },
  });
  const parameters = Object.fromEntries(layer.parameters.map((source) => [source.name, resolved(source)]));
  const include = new CfnInclude(stack, 'Layer', { templateFile, parameters });
  included.set(layer.layer, include);
  if (layer.layer !== 'web') continue;
  const group = include.getResource('AutoScalingGroup');
  group.addPropertyOverride('MinSize', '0');
  group.addPropertyOverride('MaxSize', String(parsed.site.scaling.max));
}
app.synth();

function resolved(source: ParameterSource): string {
  switch (source.from) {
    case 'output':
      return String(included.get(source.layer)?.getOutput(source.output).value);
    case 'value':
      return source.value;
    default:
      return images[source.ssmParameter] ?? '';
  }
}

if (!included.get('web')?.getOutput(controllerOutputs.autoScalingGroupName))
  throw new Error('no group in the web layer');
