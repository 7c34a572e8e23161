import type { Issue } from '../../desired-state/parse.ts';
import type { RenderedSite } from '../../desired-state/rendered.ts';

/** The document of a site in the bucket, `sites/<name>.json`. */
export type DocumentState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present';
      readonly versionId: string;
      /** The commit (object metadata `revision`), else the version id. */
      readonly revision: string;
      /** Undefined when the object is larger than the limit: its size alone is read. */
      readonly bytes?: Uint8Array;
      readonly sizeBytes: number;
    };

export interface Documents {
  current(site: string): Promise<DocumentState>;
  /** Names of all sites that have a document; keys that are no site name are returned apart, to be reported. */
  list(): Promise<{ readonly sites: readonly string[]; readonly strangers: readonly string[] }>;
}

/** What a call of the render function gave. */
export type RenderOutcome =
  | { readonly kind: 'rendered'; readonly renderedDigest: string }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  /** The document's version is gone or changed meanwhile: look again. */
  | { readonly kind: 'superseded' };

/** A manifest of `rendered/`, and the keys of its templates. Template bodies are not read. */
export interface StoredRender extends Omit<RenderedSite, 'layers'> {
  readonly layers: readonly (Omit<RenderedSite['layers'][number], 'templateBody'> & { readonly templateKey: string })[];
}

export interface Renders {
  /** The stored result for this version by this controller's renderer, its digest checked; undefined: call render. */
  find(site: string, versionId: string): Promise<StoredRender | undefined>;
  /** Of another (earlier) renderer too: what was applied last. */
  findAt(site: string, versionId: string, rendererVersion: string): Promise<StoredRender | undefined>;
  render(site: string, versionId: string): Promise<RenderOutcome>;
  /** The version that `find` looks for. */
  readonly rendererVersion: string;
}

/** SSM parameters that hold AMI ids. */
export interface Images {
  /** One call for all names; a name that does not exist is left out. */
  resolve(names: readonly string[]): Promise<Readonly<Record<string, string>>>;
}
