import type {
  DocumentState,
  Documents,
  Images,
  RenderOutcome,
  Renders,
  StoredRender,
} from '../../../controller/ports/documents.ts';
import { parseSite } from '../../../desired-state/parse.ts';
import type { RenderedSite } from '../../../desired-state/rendered.ts';
import { renderMiniature } from './miniature-site.ts';
import type { FakeTemplate } from './template.ts';

interface Version {
  readonly versionId: string;
  readonly bytes: Uint8Array;
}

/** The bucket with documents and what is rendered from them, and the render function behind it. */
export class FakeBucket implements Documents, Renders {
  readonly rendererVersion: string;
  readonly templates = new Map<string, FakeTemplate>();
  readonly #documents = new Map<string, Version>();
  readonly #renders = new Map<string, StoredRender>();
  renderCalls = 0;
  #serial = 0;

  constructor(rendererVersion = 'renderer-1') {
    this.rendererVersion = rendererVersion;
  }

  /** Puts a document as a commit does. @returns its version id */
  put(site: string, document: unknown): string {
    this.#serial += 1;
    const versionId = `v${this.#serial}`;
    const text = typeof document === 'string' ? document : JSON.stringify(document, undefined, 2);
    this.#documents.set(site, { versionId, bytes: new TextEncoder().encode(text) });
    return versionId;
  }

  remove(site: string): void {
    this.#documents.delete(site);
  }

  async current(site: string): Promise<DocumentState> {
    const found = this.#documents.get(site);
    if (found === undefined) return { kind: 'absent' };
    const { versionId, bytes } = found;
    const head = { kind: 'present', versionId, revision: `commit-${versionId}`, sizeBytes: bytes.length } as const;
    return bytes.length > 262_144 ? head : { ...head, bytes };
  }

  async list() {
    return { sites: [...this.#documents.keys()].sort(), strangers: [] };
  }

  async find(site: string, versionId: string): Promise<StoredRender | undefined> {
    return this.findAt(site, versionId, this.rendererVersion);
  }

  async findAt(site: string, versionId: string, rendererVersion: string): Promise<StoredRender | undefined> {
    return this.#renders.get(`rendered/${site}/${versionId}.${rendererVersion}`);
  }

  async render(site: string, versionId: string): Promise<RenderOutcome> {
    this.renderCalls += 1;
    const found = this.#documents.get(site);
    if (found?.versionId !== versionId) return { kind: 'superseded' };
    const parsed = parseSite(found.bytes, { fileName: `sites/${site}.json` });
    if (parsed.kind === 'issues') return { kind: 'invalid', issues: parsed.issues };
    const rendered = renderMiniature(parsed.site, this.rendererVersion);
    this.#store(`rendered/${site}/${versionId}.${this.rendererVersion}`, rendered);
    return { kind: 'rendered', renderedDigest: rendered.renderedDigest };
  }

  #store(folder: string, rendered: RenderedSite): void {
    const layers = rendered.layers.map(({ templateBody, ...layer }) => {
      const templateKey = `${folder}/${layer.layer}.template.json`;
      this.templates.set(templateKey, JSON.parse(templateBody) as FakeTemplate);
      return { ...layer, templateKey };
    });
    this.#renders.set(folder, { ...rendered, layers });
  }
}

/** SSM parameters. */
export class FakeImages implements Images {
  readonly values = new Map<string, string>();

  async resolve(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const found = names.flatMap((name) => {
      const value = this.values.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return Object.fromEntries(found);
  }
}
