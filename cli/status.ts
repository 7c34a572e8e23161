import { S3Client } from '@aws-sdk/client-s3';
import type { SiteStatus } from '../controller/status/site-status.ts';
import { commandLine } from './command-line.ts';
import { controllerOptions, controllerParts, siteNamed } from './controller.ts';
import { CannotError, exitCodes, UsageError } from './exit.ts';
import { isReady, showOverview, showSite } from './show-status.ts';
import { hasDocument, readStatus, sitesWithStatus } from './status-file.ts';
import type { Terminal } from './terminal.ts';

/** `ncctl status [site] [--json]`: what the controller says of one site, or of all in a line each. */
export async function statusCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = commandLine(args, {
    ...controllerOptions,
    json: { type: 'boolean', default: false },
  });
  if (positionals.length > 1) throw new UsageError('status takes one site, or none for all');
  const site = positionals[0] === undefined ? undefined : siteNamed(positionals[0]);
  const [bucket] = await controllerParts(values, ['BucketName']);
  const s3 = new S3Client({});
  try {
    const statuses = site === undefined ? await allStatuses(s3, bucket) : [await siteStatus(s3, bucket, site)];
    if (values.json) terminal.out(JSON.stringify(site === undefined ? statuses : statuses[0], null, 2));
    else
      terminal.out(
        site === undefined ? overview(statuses, terminal) : statuses.map((one) => showSite(one, terminal)).join(''),
      );
    return statuses.every(isReady) ? exitCodes.clean : exitCodes.issues;
  } finally {
    s3.destroy();
  }
}

function overview(statuses: readonly SiteStatus[], terminal: Terminal): string {
  return statuses.length === 0
    ? 'there is no site yet: commit a document to sites/\n'
    : showOverview(statuses, terminal);
}

async function allStatuses(s3: S3Client, bucket: string): Promise<readonly SiteStatus[]> {
  const sites = await sitesWithStatus(s3, bucket);
  const statuses = await Promise.all(sites.map((site) => readStatus(s3, bucket, site)));
  return statuses.filter((status) => status !== undefined);
}

async function siteStatus(s3: S3Client, bucket: string, site: string): Promise<SiteStatus> {
  const status = await readStatus(s3, bucket, site);
  if (status !== undefined) return status;
  const known = await hasDocument(s3, bucket, site);
  const reason =
    known === false ? `there is no document sites/${site}.json` : 'the controller has not looked at it yet';
  throw new CannotError(`there is no status of ${site}: ${reason}`);
}
