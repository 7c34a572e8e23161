import { type LayerName, layerNames } from '../../desired-state/rendered.ts';

/** Which site and layer a stack is of. */
export interface SiteStack {
  readonly site: string;
  readonly layer: LayerName;
}

const prefix = 'nextcloud-site-';
// A certificate's stack also carries a hash of its host. A site's name may contain dashes and layers' names, so the end decides.
const ending = new RegExp(`-(?:(certificate)-[0-9a-f]{8,64}|(${layerNames.join('|')}))$`);
const siteText = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,19}$/;

/** Reads `nextcloud-site-<site>-<layer>`; undefined for any other stack's name. */
export function readStackName(stackName: string): SiteStack | undefined {
  const match = stackName.startsWith(prefix) ? ending.exec(stackName) : null;
  if (match === null) return undefined;
  const site = stackName.slice(prefix.length, match.index);
  const layer = layerNames.find((name) => name === (match[1] ?? match[2]));
  return layer !== undefined && isSiteName(site) ? { site, layer } : undefined;
}

/** Whether a text may be a site's name. */
export function isSiteName(text: unknown): text is string {
  return typeof text === 'string' && siteText.test(text);
}
