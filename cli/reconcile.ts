import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SiteStatus } from '../controller/status/site-status.ts';
import { asked } from './aws-error.ts';
import { commandLine } from './command-line.ts';
import { controllerOptions, controllerParts, siteNamed } from './controller.ts';
import { CannotError, exitCodes, UsageError } from './exit.ts';
import { isReady, showSite } from './show-status.ts';
import { hasDocument, readStatus } from './status-file.ts';
import type { Terminal } from './terminal.ts';

const pollMilliseconds = 1_000;

/** `ncctl reconcile <site> [--wait]`: asks the controller to look at a site now, and prints the token of the request. */
export async function reconcileCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { site, wait, timeoutSeconds, place } = readArgs(args);
  const [bucket, queueUrl] = await controllerParts(place, ['BucketName', 'ReconcileQueueUrl']);
  const s3 = new S3Client({});
  try {
    await mustBeKnown(s3, bucket, site);
    // Opaque to the controller, which handles each token once and echoes it; readable for people.
    const requestedAt = `${new Date().toISOString()}-${randomUUID().slice(0, 8)}`;
    await ring(queueUrl, site, requestedAt);
    terminal.out(requestedAt);
    if (!wait) return exitCodes.clean;
    const status = await handled(s3, bucket, site, requestedAt, timeoutSeconds);
    terminal.err(showSite(status, terminal));
    return isReady(status) ? exitCodes.clean : exitCodes.issues;
  } finally {
    s3.destroy();
  }
}

function readArgs(args: readonly string[]) {
  const { values, positionals } = commandLine(args, {
    ...controllerOptions,
    wait: { type: 'boolean', default: false },
    timeout: { type: 'string', default: '600' },
  });
  const [site] = positionals;
  if (site === undefined || positionals.length > 1) throw new UsageError('reconcile needs exactly one site');
  if (!/^[1-9]\d{0,5}$/.test(values.timeout)) throw new UsageError('--timeout must be a number of seconds');
  return { site: siteNamed(site), wait: values.wait, timeoutSeconds: Number(values.timeout), place: values };
}

/** A request for a site that nobody has heard of would be dropped in silence. A site whose document is gone may be asked for. */
async function mustBeKnown(s3: S3Client, bucket: string, site: string): Promise<void> {
  if ((await hasDocument(s3, bucket, site)) !== false) return;
  if ((await readStatus(s3, bucket, site)) !== undefined) return;
  throw new CannotError(`there is no document sites/${site}.json, and no status of such a site`);
}

/** The message is a bell with a token: it says which site to look at, nothing else. */
async function ring(queueUrl: string, site: string, requestedAt: string): Promise<void> {
  const sqs = new SQSClient({});
  const MessageBody = JSON.stringify({ version: 1, kind: 'manual', site, requestedAt });
  try {
    await asked('reach the controller', sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody })));
  } finally {
    sqs.destroy();
  }
}

/** The first status that echoes the token. */
async function handled(
  s3: S3Client,
  bucket: string,
  site: string,
  token: string,
  timeoutSeconds: number,
): Promise<SiteStatus> {
  const end = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < end) {
    const status = await readStatus(s3, bucket, site);
    if (status?.lastHandledReconcileAt === token) return status;
    await sleep(pollMilliseconds);
  }
  const message = `the controller has not handled the request within ${timeoutSeconds} s; it is not lost: ncctl status ${site} shows when it is`;
  throw new CannotError(message);
}
