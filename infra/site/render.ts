import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import type { RenderedLayer, RenderedSite } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import { accessLayer } from './access.ts';
import { acknowledge } from './acknowledgements.ts';
import { canonicalJson, withSortedKeys } from './canonical-json.ts';
import { certificateLayer, hasCertificateLayer } from './certificate.ts';
import { dataLayer } from './data.ts';
import { refuseForeignReferences } from './dynamic-references.ts';
import type { LayerStack } from './layer-stack.ts';
import { networkLayer } from './network.ts';
import { webLayer } from './web.ts';

/**
 * Renders a site to the CloudFormation templates of its layers. The same document and renderer give the same bytes, and nothing is looked up:
 * what only AWS knows comes in by the templates' parameters.
 *
 * @param document one that passed `parseSite`
 * @param rendererVersion digest of the renderer's own code
 * @throws Error when a template or a parameter holds a dynamic reference that is not the renderer's own, which `parseSite` lets no document bring
 */
export function render(document: Site, rendererVersion: string): RenderedSite {
  // Settings are also written as text inside the templates: the order of the document's keys must not show there.
  const site = withSortedKeys(document);
  // CDK writes its assembly to a folder whether anyone reads it or not.
  const outdir = mkdtempSync(join(tmpdir(), 'nextcloud-site-'));
  try {
    const { app, stacks } = siteApp(site, outdir);
    const assembly = app.synth();
    const layers = stacks.map((stack) => renderedLayer(stack, assembly.getStackArtifact(stack.artifactId).template));
    return { formatVersion: 1, rendererVersion, site, layers, renderedDigest: digestOf(site, layers) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The CDK app of a site, with a stack a layer, in the order in which they are applied. */
export function siteApp(site: Site, outdir: string): { readonly app: App; readonly stacks: readonly LayerStack[] } {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    autoSynth: false,
    // CDK's own rules run in the tests, beside cfn-lint and cdk-nag; at run time they cost more than all the rest.
    builtinCloudFormationValidation: false,
  });
  const stacks = [
    networkLayer(app, site),
    ...(hasCertificateLayer(site) ? [certificateLayer(app, site)] : []),
    dataLayer(app, site),
    webLayer(app, site),
    accessLayer(app, site),
  ];
  for (const stack of stacks) acknowledge(stack);
  return { app, stacks };
}

function renderedLayer(stack: LayerStack, template: unknown): RenderedLayer {
  refuseForeignReferences(template, stack.layer);
  refuseForeignReferences(stack.parameterSources, `${stack.layer}, parameters`);
  refuseForeignReferences(stack.layerTags, `${stack.layer}, tags`);
  const templateBody = canonicalJson(template);
  return {
    layer: stack.layer,
    stackName: stack.stackName,
    templateBody,
    templateDigest: sha256(templateBody),
    parameters: stack.parameterSources,
    tags: stack.layerTags,
  };
}

/** Over all templates, parameter sources and the normalised document; not over the renderer's version, which may change nothing. */
function digestOf(site: Site, layers: readonly RenderedLayer[]): string {
  return sha256(canonicalJson({ site, layers }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
