import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { siteName } from '../../desired-state/site.ts';
import { maxDocumentBytes } from '../../desired-state/text.ts';
import type { DocumentState, Documents } from '../ports/documents.ts';
import { type Bucket, listKeys, openObject } from './objects.ts';
import { answered } from './transient.ts';

const prefix = 'sites/';

/** Key of a site's document. A site's name holds no slash and no dot, so no other key can be made of it. */
export function documentKey(site: string): string {
  return `${prefix}${v.parse(siteName, site)}.json`;
}

/** The site whose document an object is; undefined for any other key. */
export function siteOfKey(key: string): string | undefined {
  const name = /^sites\/([^/]+)\.json$/.exec(key)?.[1];
  return v.is(siteName, name) ? name : undefined;
}

/** Documents in the controller's bucket. */
export function bucketDocuments(bucket: Bucket): Documents {
  return {
    current: (site) => readDocument(bucket, site),
    list: async () => {
      const keys = (await listKeys(bucket, prefix)).filter((key) => key !== prefix);
      return {
        sites: keys.flatMap((key) => siteOfKey(key) ?? []),
        strangers: keys.filter((key) => siteOfKey(key) === undefined),
      };
    },
  };
}

/** The document in one version, or the current one. An object over the size limit is not read. */
export async function readDocument(bucket: Bucket, site: string, versionId?: string): Promise<DocumentState> {
  const key = documentKey(site);
  const object = await openObject(bucket, key, versionId);
  if (object === undefined) return { kind: 'absent' };
  const version = object.VersionId ?? 'null';
  const sizeBytes = object.ContentLength ?? 0;
  const state = { kind: 'present', versionId: version, revision: revisionOf(object, version), sizeBytes } as const;
  if (sizeBytes > maxDocumentBytes) {
    discard(object);
    return state;
  }
  const bytes = await answered(`GetObject ${key}`, readBytes(object));
  return { ...state, bytes };
}

async function readBytes({ Body }: GetObjectCommandOutput): Promise<Uint8Array> {
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

/** Closes the connection, so that the rest of the object is not sent. */
function discard({ Body }: GetObjectCommandOutput): void {
  if (Body !== undefined && 'destroy' in Body) Body.destroy();
}

/** What git-sync writes beside the document. Anything else in its place is not repeated in status and logs. */
const commit = /^[0-9a-f]{7,64}$/;

function revisionOf({ Metadata }: GetObjectCommandOutput, versionId: string): string {
  const revision = Metadata?.['revision'];
  return revision !== undefined && commit.test(revision) ? revision : versionId;
}
