import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { SiteStatus } from '../controller/status/site-status.ts';
import { parseStatusFile } from '../controller/status/status-file.ts';
import { asked, isNamed } from './aws-error.ts';
import { CannotError } from './exit.ts';

const prefix = 'status/';

/** Names of the sites that have a status, in alphabetical order. */
export async function sitesWithStatus(s3: S3Client, bucket: string): Promise<readonly string[]> {
  const list = async (): Promise<string[]> => {
    const sites: string[] = [];
    for await (const { Contents } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key = '' } of Contents ?? []) {
        const site = /^status\/([a-z0-9-]+)\.json$/.exec(Key)?.[1];
        if (site !== undefined) sites.push(site);
      }
    }
    return sites.toSorted();
  };
  return asked(`list the statuses in ${bucket}`, list());
}

/**
 * What the controller says of a site.
 *
 * @returns undefined when it has said nothing yet
 * @throws CannotError when the file can't be read, or is of a format that this program does not know
 */
export async function readStatus(s3: S3Client, bucket: string, site: string): Promise<SiteStatus | undefined> {
  const text = await asked(`read the status of ${site}`, objectText(s3, bucket, `${prefix}${site}.json`));
  if (text === undefined) return undefined;
  const status = parseStatusFile(text);
  if (status !== undefined) return status;
  throw new CannotError(
    `the status of ${site} has a format that this ncctl does not know: use the one of the controller's version`,
  );
}

/** Whether a site's document is in the bucket; undefined when these credentials may not know. */
export async function hasDocument(s3: S3Client, bucket: string, site: string): Promise<boolean | undefined> {
  const head = async (): Promise<boolean | undefined> => {
    try {
      await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: `sites/${site}.json` }));
      return true;
    } catch (error) {
      if (isNamed(error, 'NotFound', 'NoSuchKey')) return false;
      if (isNamed(error, 'Forbidden', '403', 'AccessDenied')) return undefined;
      throw error;
    }
  };
  return asked(`look for the document of ${site}`, head());
}

async function objectText(s3: S3Client, bucket: string, key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if (isNamed(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}
