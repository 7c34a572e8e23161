import { documentKey, readDocument } from '../../controller/aws/documents.ts';
import { manifestKey, manifestText, renderFolder, templateKey } from '../../controller/aws/manifest.ts';
import { type Bucket, putOnce } from '../../controller/aws/objects.ts';
import type { RenderAnswer } from '../../controller/aws/renders.ts';
import type { RenderOutcome } from '../../controller/ports/documents.ts';
import { TransientError } from '../../controller/ports/errors.ts';
import { parseSite } from '../../desired-state/parse.ts';
import type { RenderedSite } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import { maxDocumentBytes } from '../../desired-state/text.ts';
import type { RenderRequest } from './request.ts';

/** What rendering needs besides the document. */
export interface RenderContext {
  readonly bucket: Bucket;
  readonly region: string;
  readonly rendererVersion: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly render: (site: Site, rendererVersion: string) => RenderedSite;
}

/** What reconcile's call gets. An error that is not transient is a bug here, and fails the call. */
export async function answerRender(request: RenderRequest, context: RenderContext): Promise<RenderAnswer> {
  try {
    return await renderDocument(request, context);
  } catch (error) {
    if (error instanceof TransientError) return { kind: 'transient', message: error.message };
    throw error;
  }
}

/**
 * Renders one version of a site's document to `rendered/<site>/<version id>.<renderer version>/`. The same version by the
 * same renderer is the same bytes, so each object is written once and the manifest last: where it is, everything is.
 */
export async function renderDocument(
  { site, versionId }: RenderRequest,
  context: RenderContext,
): Promise<RenderOutcome> {
  const document = await readDocument(context.bucket, site, versionId);
  if (document.kind === 'absent') return { kind: 'superseded' };
  if (document.bytes === undefined) return tooLarge(document.sizeBytes);
  const { region, now } = context;
  const parsed = parseSite(document.bytes, { fileName: documentKey(site), region, now });
  if (parsed.kind === 'issues') return { kind: 'invalid', issues: parsed.issues };
  const rendered = context.render(parsed.site, context.rendererVersion);
  await store(rendered, renderFolder(site, versionId, context.rendererVersion), context.bucket);
  return { kind: 'rendered', renderedDigest: rendered.renderedDigest };
}

function tooLarge(sizeBytes: number): RenderOutcome {
  const message = `the document has ${sizeBytes} bytes; at most ${maxDocumentBytes} (256 kB) are read`;
  return { kind: 'invalid', issues: [{ path: '$', line: 1, column: 1, message }] };
}

async function store(rendered: RenderedSite, folder: string, bucket: Bucket): Promise<void> {
  await Promise.all(
    rendered.layers.map(({ layer, templateBody }) =>
      putOnce(bucket, templateKey(folder, layer), templateBody, 'application/json'),
    ),
  );
  await putOnce(bucket, manifestKey(folder), manifestText(rendered, folder), 'application/json');
}
