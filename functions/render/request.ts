import * as v from 'valibot';
import { siteName } from '../../desired-state/site.ts';

/** A version id is opaque to us; `renderFolder` keeps it from making other keys. */
const requestSchema = v.strictObject({
  site: siteName,
  versionId: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,1024}$/)),
});

/** What reconcile asks for: one version of one site's document. */
export type RenderRequest = v.InferOutput<typeof requestSchema>;

/** @throws Error when somebody else calls: nothing is read or written then */
export function parseRenderRequest(event: unknown): RenderRequest {
  const result = v.safeParse(requestSchema, event);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`The render function takes {site, versionId}: ${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
}
