import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { RenderOutcome, Renders, StoredRender } from '../ports/documents.ts';
import { TransientError } from '../ports/errors.ts';
import { manifestKey, readManifest, renderFolder } from './manifest.ts';
import { type Bucket, readText } from './objects.ts';
import { answered } from './transient.ts';

/** What the render function answers. That a service sent it away is an answer too: its error alarm is for what is wrong. */
export type RenderAnswer = RenderOutcome | { readonly kind: 'transient'; readonly message: string };

/** Who renders, and where the results lie. */
export interface RendersOptions {
  readonly bucket: Bucket;
  readonly functions: Pick<LambdaClient, 'send'>;
  readonly functionName: string;
  readonly rendererVersion: string;
}

/** Stored renders in the controller's bucket, made by a call of the render function. */
export function storedRenders({ bucket, functions, functionName, rendererVersion }: RendersOptions): Renders {
  return {
    rendererVersion,
    find: (site, versionId) => findAt(bucket, site, versionId, rendererVersion),
    findAt: (site, versionId, otherVersion) => findAt(bucket, site, versionId, otherVersion),
    render: async (site, versionId) => {
      const command = new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'RequestResponse',
        Payload: JSON.stringify({ site, versionId }),
      });
      const { FunctionError, Payload } = await answered(`Invoke ${functionName}`, functions.send(command));
      const text = Payload?.transformToString() ?? '';
      if (FunctionError !== undefined) throw functionError(text, site, versionId);
      const answer = renderAnswer(text);
      if (answer.kind === 'transient') throw new TransientError(`render of site ${site}: ${answer.message}`);
      return answer;
    },
  };
}

async function findAt(
  bucket: Bucket,
  site: string,
  versionId: string,
  rendererVersion: string,
): Promise<StoredRender | undefined> {
  const folder = renderFolder(site, versionId, rendererVersion);
  const text = await readText(bucket, manifestKey(folder));
  return text === undefined ? undefined : readManifest(text, folder);
}

/** What the function threw, as Lambda reports it: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function functionError(text: string, site: string, versionId: string): Error {
  const { errorType, errorMessage } = parse(text) as { errorType?: string; errorMessage?: string };
  return new Error(`render of site ${site}, version ${versionId}: ${errorType ?? 'error'}: ${errorMessage ?? text}`);
}

const kinds: readonly unknown[] = [
  'rendered',
  'invalid',
  'superseded',
  'transient',
] satisfies readonly RenderAnswer['kind'][];

function renderAnswer(text: string): RenderAnswer {
  const answer = parse(text);
  if ('kind' in answer && kinds.includes(answer.kind)) return answer as RenderAnswer;
  throw new Error(`The render function answered what is no outcome: ${text.slice(0, 200)}`);
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    throw new Error(`The render function answered what is no JSON: ${text.slice(0, 200)}`, { cause: error });
  }
}
