import { timerOf } from './due.ts';
import type { Journal } from './journal.ts';
import type { LookContext, LookPorts } from './look-ports.ts';
import { type Ending, lookUnderLease, tellError } from './look-under-lease.ts';
import { emptyMemory } from './memory.ts';
import { outcomeOfError, type Verdict } from './outcomes.ts';
import type { Step } from './steps.ts';

/** What became of a look. */
export type LookOutcome =
  /** Another one is looking; it looks again when it is done. */
  | { readonly kind: 'held' }
  /** Our lease was taken over: what we knew is stale, and the new holder looks. */
  | { readonly kind: 'lost' }
  | {
      readonly kind: 'looked';
      readonly verdict: Verdict;
      readonly steps: readonly Step[];
      /** Epoch milliseconds; undefined: only when something rings. */
      readonly dueAt: number | undefined;
    };

/**
 * Looks at one site: takes its lease, reads what is declared, sees what there is, plans, passes the gates, makes one bounded bundle
 * of steps, writes the status once, says when to look again, and gives the lease back. It never waits, and may be repeated, doubled
 * or cut off at any point: the next look goes on from what is there.
 *
 * @throws TransientError after too many looks in a row that a service sent away, and any error that is a bug: the message goes back
 *   to its queue. The row stays due in either case.
 */
export async function look(site: string, context: LookContext, ports: LookPorts): Promise<LookOutcome> {
  const { now, holder, leaseMs } = context;
  const leased = await ports.rows.lease(site, holder, now, leaseMs, context.requestedAt);
  if (leased.kind === 'held') return { kind: 'held' };
  const { lease, row } = leased;
  const journal: Journal = { site, context, ports, lease, row, memory: row.memory ?? emptyMemory, before: undefined };
  const ending = await endingOf(journal);
  if (ending.kind === 'lost') return { kind: 'lost' };
  const timer = timerOf(ending.dueAt, journal.memory.timerAt, now);
  const { timerAt: _, ...memory } = journal.memory;
  const { timerAt } = timer;
  const released = await ports.rows.release(
    lease,
    timerAt === undefined ? memory : { ...memory, timerAt },
    timer.dueAt,
  );
  if (released.kind === 'dirty') await ports.bell.ring([site], 0);
  else if (released.kind === 'released' && timer.ringSeconds !== undefined)
    await ports.bell.ring([site], timer.ringSeconds);
  if (ending.rethrow !== undefined) throw ending.rethrow;
  if (released.kind === 'lost') return { kind: 'lost' };
  return { kind: 'looked', verdict: ending.verdict, steps: ending.steps, dueAt: ending.dueAt };
}

type FinalEnding = Ending & { readonly rethrow?: Error };

/** A look that an error ended is given back too, with what it had learned. */
async function endingOf(journal: Journal): Promise<FinalEnding> {
  try {
    return await lookUnderLease(journal);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error('a look threw what is no error', { cause: thrown });
    const outcome = outcomeOfError(error, journal.memory, journal.context);
    journal.memory = outcome.memory;
    journal.ports.log[outcome.kind === 'bug' ? 'error' : 'warn']('look ended early', {
      site: journal.site,
      outcome: outcome.kind,
      attempts: outcome.memory.transientAttempts,
      error,
    });
    if (outcome.tell !== undefined) await tellError(journal, outcome.kind, outcome.tell);
    const rethrow = outcome.rethrow ? { rethrow: error } : {};
    return { kind: 'ended', verdict: 'transient', steps: [], dueAt: outcome.dueAt, ...rethrow };
  }
}
