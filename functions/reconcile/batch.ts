import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { TransientError } from '../../controller/ports/errors.ts';
import type { Log } from '../../controller/ports/observability.ts';
import type { BellMessage } from '../../controller/work/message.ts';
import { asError } from '../error.ts';

/** What a bell can ask for. */
export type Ask = Exclude<BellMessage, { kind: 'ignored' }>;

/** How a batch is read and answered. */
export interface BatchPorts {
  readonly parse: (body: string) => BellMessage;
  /** @param id unique to this delivery of what is asked for */
  readonly answer: (ask: Ask, id: string) => Promise<void>;
  readonly log: Log;
}

/** One thing to do, and the messages that asked for it. */
interface Job {
  readonly ask: Ask;
  readonly messageIds: readonly string[];
}

/**
 * Answers the messages of one delivery, side by side: several that ask for the same are one. A message that asks for
 * nothing is logged and dropped; one whose answer fails goes back to the queue, and stops no other.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export async function answerBatch(records: readonly SQSRecord[], ports: BatchPorts): Promise<SQSBatchResponse> {
  const failed = await Promise.all(jobsOf(records, ports).map((job) => failuresOf(job, ports)));
  return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
}

function jobsOf(records: readonly SQSRecord[], { parse, log }: BatchPorts): readonly Job[] {
  const jobs = new Map<string, Job>();
  for (const { messageId, body } of records) {
    const message = parse(body);
    if (message.kind === 'ignored') {
      log.warn('message ignored', { messageId, reason: message.reason });
      continue;
    }
    const key = message.kind === 'site' ? `site ${message.site}` : message.kind;
    const job = jobs.get(key);
    jobs.set(key, {
      ask: job === undefined ? message : both(job.ask, message),
      messageIds: [...(job?.messageIds ?? []), messageId],
    });
  }
  return [...jobs.values()];
}

/** A manual request outlives a plain bell for the same site. */
function both(earlier: Ask, later: Ask): Ask {
  const asksForMore = later.kind === 'site' && later.requestedAt !== undefined;
  return asksForMore ? later : earlier;
}

async function failuresOf({ ask, messageIds }: Job, { answer, log }: BatchPorts): Promise<readonly string[]> {
  try {
    await answer(ask, messageIds.join('+'));
    return [];
  } catch (thrown) {
    const error = asError(thrown);
    const facts = { kind: ask.kind, messages: messageIds.length, error };
    if (error instanceof TransientError) log.warn('bell rings again', facts);
    else log.error('bell not answered', facts);
    return messageIds;
  }
}
