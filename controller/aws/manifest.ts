import { createHash } from 'node:crypto';
import type { RenderedLayer, RenderedSite } from '../../desired-state/rendered.ts';
import type { StoredRender } from '../ports/documents.ts';

/** What a manifest is stored for: the digest stands over all the rest. */
type Manifest = StoredRender & { readonly manifestDigest: string };

/**
 * Where the render of one version of a document by one renderer lies: `rendered/<site>/<version id>.<renderer version>/`.
 * Version ids are opaque to us, and may hold a slash: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
export function renderFolder(site: string, versionId: string, rendererVersion: string): string {
  return `rendered/${site}/${versionId.replaceAll(/[^\w.-]/g, encodeURIComponent)}.${rendererVersion}/`;
}

/** Key of the manifest in such a folder. It is written last: where it is, everything is. */
export function manifestKey(folder: string): string {
  return `${folder}manifest.json`;
}

/** Key of a layer's template in such a folder. */
export function templateKey(folder: string, layer: RenderedLayer['layer']): string {
  return `${folder}${layer}.template.json`;
}

/** The manifest's text: what was rendered, with keys in the place of template bodies. */
export function manifestText(rendered: RenderedSite, folder: string): string {
  const stored: StoredRender = {
    ...rendered,
    layers: rendered.layers.map(({ templateBody: _, ...layer }) => ({
      ...layer,
      templateKey: templateKey(folder, layer.layer),
    })),
  };
  const manifest: Manifest = { ...stored, manifestDigest: digest(stored) };
  return JSON.stringify(manifest);
}

/**
 * Reads a manifest and checks its digest.
 *
 * @throws Error that names the folder when the text is not what render wrote: nothing must be planned from it
 */
export function readManifest(text: string, folder: string): StoredRender {
  const { manifestDigest, ...stored } = JSON.parse(text) as Partial<Manifest>;
  if (stored.formatVersion !== 1) {
    throw new Error(`${manifestKey(folder)} has format ${stored.formatVersion}, which this controller does not know.`);
  }
  if (manifestDigest !== digest(stored)) {
    throw new Error(
      `${manifestKey(folder)} is not what render wrote: its digest differs. Delete the folder to render anew.`,
    );
  }
  return stored as StoredRender;
}

function digest(stored: Partial<StoredRender>): string {
  return createHash('sha256').update(JSON.stringify(stored)).digest('hex');
}
