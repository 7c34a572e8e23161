import { TransientError } from '../ports/errors.ts';
import type { Findings } from '../status/compose.ts';
import type { Moment } from './absorb.ts';
import type { SiteMemory } from './memory.ts';
import { backoffMs, transientAttemptLimit } from './retry.ts';

/**
 * How a look ends. `invalid` and `stalled` need a person and are not tried again; `waiting` has a time or an event; `transient`
 * backs off. Everything else is a bug, which is thrown.
 */
export type Verdict = 'synced' | 'waiting' | 'invalid' | 'stalled' | 'transient';

/** The verdict of a look that came to its end. */
export function verdictOf(findings: Findings): Verdict {
  if (findings.stalled !== undefined) return findings.stalled.reason === 'InvalidDocument' ? 'invalid' : 'stalled';
  return findings.synced.status === 'True' && findings.healthy.status === 'True' ? 'synced' : 'waiting';
}

/** What an error does to work row, status and message. */
export interface ErrorOutcome {
  readonly kind: 'transient' | 'bug';
  readonly memory: SiteMemory;
  /** Epoch milliseconds. */
  readonly dueAt: number;
  /** The message goes back to its queue, and in the end to the dead letters. */
  readonly rethrow: boolean;
  /** What the status says of it; absent: not worth a word yet. */
  readonly tell?: string;
}

/** Looks in a row before a status speaks of them: a single throttled call is no news. */
const worthTelling = 3;
const bugRetryMs = 15 * 60_000;

/** Decides what an error that ended a look does. */
export function outcomeOfError(error: unknown, memory: SiteMemory, { now, jitter }: Moment): ErrorOutcome {
  if (!(error instanceof TransientError)) {
    const tell = 'an error inside the controller; its log says more, and the site is looked at again in 15 minutes';
    return { kind: 'bug', memory, dueAt: now + bugRetryMs, rethrow: true, tell };
  }
  const transientAttempts = memory.transientAttempts + 1;
  const tell = `AWS asked to come back later, ${worthTelling} or more times in a row; it goes on by itself`;
  return {
    kind: 'transient',
    memory: { ...memory, transientAttempts },
    dueAt: now + backoffMs(transientAttempts, jitter),
    rethrow: transientAttempts > transientAttemptLimit,
    ...(transientAttempts < worthTelling ? {} : { tell }),
  };
}
