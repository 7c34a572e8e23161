import { assertNever } from '../../desired-state/assert-never.ts';
import { type Issue, parseSite } from '../../desired-state/parse.ts';
import type { Site } from '../../desired-state/site.ts';
import type { DocumentState, Documents, Renders, StoredRender } from '../ports/documents.ts';
import { TransientError } from '../ports/errors.ts';
import type { SiteMemory } from './memory.ts';

/** What is declared for a site at this moment. */
export type Desired =
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid'; readonly revision: string; readonly issues: readonly Issue[] }
  /** Another version was committed while this one was rendered. */
  | { readonly kind: 'superseded'; readonly revision: string }
  | {
      readonly kind: 'declared';
      readonly revision: string;
      readonly versionId: string;
      readonly site: Site;
      readonly render: StoredRender;
    };

/** What reading it needs. */
export interface DesiredPorts {
  readonly documents: Documents;
  readonly renders: Renders;
}

/**
 * Reads the current document and what was rendered from it; renders when that is missing.
 *
 * @param context the controller's region, for it serves no other, and the present moment in epoch milliseconds
 * @throws TransientError when a service asks to come back later
 */
export async function readDesired(
  name: string,
  document: DocumentState,
  memory: SiteMemory,
  { region, now }: { readonly region: string; readonly now: number },
  ports: DesiredPorts,
): Promise<Desired> {
  if (document.kind === 'absent') return { kind: 'absent' };
  const { revision, versionId } = document;
  if (document.bytes === undefined) {
    return { kind: 'invalid', revision, issues: [tooLarge(document.sizeBytes)] };
  }
  const lastApplied = await lastAppliedSite(name, versionId, memory, ports.renders);
  const parsed = parseSite(document.bytes, {
    fileName: `sites/${name}.json`,
    region,
    now,
    ...(lastApplied === undefined ? {} : { lastApplied }),
  });
  if (parsed.kind === 'issues') return { kind: 'invalid', revision, issues: parsed.issues };
  return rendered(name, { revision, versionId, site: parsed.site }, ports.renders);
}

/** Fields that may never change are compared with what was applied last; the same version needs no comparison. */
async function lastAppliedSite(
  name: string,
  versionId: string,
  memory: SiteMemory,
  renders: Renders,
): Promise<Site | undefined> {
  const { lastApplied } = memory;
  if (lastApplied === undefined || lastApplied.versionId === versionId) return undefined;
  return (await renders.findAt(name, lastApplied.versionId, lastApplied.rendererVersion))?.site;
}

async function rendered(
  name: string,
  version: { readonly revision: string; readonly versionId: string; readonly site: Site },
  renders: Renders,
): Promise<Desired> {
  const { revision, versionId } = version;
  const found = await renders.find(name, versionId);
  if (found !== undefined) return { kind: 'declared', ...version, render: found };
  const outcome = await renders.render(name, versionId);
  switch (outcome.kind) {
    case 'invalid':
      return { kind: 'invalid', revision, issues: outcome.issues };
    case 'superseded':
      return { kind: 'superseded', revision };
    case 'rendered': {
      const made = await renders.find(name, versionId);
      if (made !== undefined) return { kind: 'declared', ...version, render: made };
      throw new TransientError(`What was rendered for version ${versionId} of site ${name} is not to be read yet.`);
    }
    default:
      return assertNever(outcome);
  }
}

function tooLarge(sizeBytes: number): Issue {
  const message = `the document is ${sizeBytes} bytes long, at most 262144 are read: shorten it`;
  return { path: '$', line: 1, column: 1, message };
}
