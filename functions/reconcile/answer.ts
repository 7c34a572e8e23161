import type { Clock } from '../../controller/ports/observability.ts';
import { type LookOutcome, look } from '../../controller/reconcile/look.ts';
import type { LookPorts } from '../../controller/reconcile/look-ports.ts';
import { assertNever } from '../../desired-state/assert-never.ts';
import type { Ask } from './batch.ts';
import { type EveryonePorts, resync, ringForDue } from './everyone.ts';

/** Longer than the function's timeout of 60 s: an invocation that was cut off loses its lease, one that works never does. */
const leaseMs = 90_000;

/** Everything that a bell can reach. */
export type AnswerPorts = LookPorts & EveryonePorts;

/** What is the same for every bell. */
export interface AnswerContext {
  readonly region: string;
  readonly clock: Clock;
  /** From 0 to 1, anew at each call. */
  readonly jitter: () => number;
}

/** Does what a bell asks for. @param holder unique to this ask, for the site's lease */
export async function answerBell(ask: Ask, holder: string, context: AnswerContext, ports: AnswerPorts): Promise<void> {
  switch (ask.kind) {
    case 'tick':
      return ringForDue(context.clock.now(), ports);
    case 'resync':
      return resync(context.clock.now(), ports);
    case 'site':
      return lookAt(ask, holder, context, ports);
    default:
      return assertNever(ask);
  }
}

async function lookAt(
  { site, requestedAt }: Extract<Ask, { kind: 'site' }>,
  holder: string,
  { region, clock, jitter }: AnswerContext,
  ports: AnswerPorts,
): Promise<void> {
  const now = clock.now();
  const request = requestedAt === undefined ? {} : { requestedAt };
  const outcome = await look(site, { now, jitter: jitter(), holder, leaseMs, region, ...request }, ports);
  const milliseconds = clock.now() - now;
  ports.log.info('looked', { site, milliseconds, ...factsOf(outcome) });
  ports.metrics.milliseconds('LookDuration', milliseconds);
  ports.metrics.count(`Look${outcome.kind === 'looked' ? capitalised(outcome.verdict) : capitalised(outcome.kind)}`, 1);
}

function factsOf(outcome: LookOutcome): Readonly<Record<string, unknown>> {
  if (outcome.kind !== 'looked') return { outcome: outcome.kind };
  const { verdict, steps, dueAt } = outcome;
  return { outcome: verdict, steps: steps.map(({ kind }) => kind), dueAt };
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
