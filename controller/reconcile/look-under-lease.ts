import { assertNever } from '../../desired-state/assert-never.ts';
import { composeStatus, type StatusFacts } from '../status/compose.ts';
import { invalidFindings, missingFindings, orphanedFindings, retryingFindings } from '../status/findings.ts';
import type { Desired } from './desired.ts';
import { readDesired } from './desired.ts';
import type { Journal } from './journal.ts';
import { lookAtDeclared } from './look-at-declared.ts';
import { emptyMemory, type SiteMemory } from './memory.ts';
import { stacksOfOrphan } from './orphan.ts';
import { type Verdict, verdictOf } from './outcomes.ts';
import { handled, type Report } from './report.ts';
import type { Step } from './steps.ts';

/** How a look ended; `lost`: another generation has the lease, and nothing more is to be written. */
export type Ending =
  | { readonly kind: 'lost' }
  | {
      readonly kind: 'ended';
      readonly verdict: Verdict;
      readonly steps: readonly Step[];
      readonly dueAt: number | undefined;
    };

/** A version that was overtaken while it was rendered. */
const supersededRetryMs = 1_000;

const noFacts: StatusFacts = { layers: [], capacity: [], blockedBy: [], issues: [] };

/**
 * The look itself, between taking the lease and giving it back.
 *
 * @throws TransientError, or any other error as a bug
 */
export async function lookUnderLease(journal: Journal): Promise<Ending> {
  const { site, context, ports } = journal;
  const [document, before] = await Promise.all([ports.documents.current(site), ports.statuses.read(site)]);
  journal.before = before;
  journal.memory = await rememberedBy(journal);
  const desired = await readDesired(site, document, journal.memory, context, ports);
  const report = await reportOn(desired, journal);
  if (report === 'lost') return { kind: 'lost' };
  if (report === 'again') {
    return { kind: 'ended', verdict: 'waiting', steps: [], dueAt: context.now + supersededRetryMs };
  }
  await tell(report, journal);
  return { kind: 'ended', verdict: verdictOf(report.findings), steps: report.steps, dueAt: report.dueAt };
}

/** The row's memory; of a row that was lost, what the status item says, else the status file. */
async function rememberedBy({ site, row, before, ports }: Journal): Promise<SiteMemory> {
  const kept = row.memory ?? before?.memory;
  if (kept !== undefined) return kept;
  const file = await ports.statuses.readFile(site);
  return file?.memory ?? emptyMemory;
}

async function reportOn(desired: Desired, journal: Journal): Promise<Report | 'lost' | 'again'> {
  switch (desired.kind) {
    case 'absent':
      return reportOrphan(journal);
    case 'superseded':
      return 'again';
    case 'invalid':
      return reportInvalid(desired, journal);
    case 'declared':
      return lookAtDeclared(desired, journal);
    default:
      return assertNever(desired);
  }
}

async function reportOrphan(journal: Journal): Promise<Report> {
  const { site, ports, before } = journal;
  const stackNames = await stacksOfOrphan(site, journal.memory, ports.stacks);
  const revision = before?.lastAttemptedRevision ?? 'none';
  journal.memory = stackNames.length === 0 ? emptyMemory : handled(journal);
  const findings = stackNames.length === 0 ? missingFindings() : orphanedFindings(stackNames);
  return { revision, findings, facts: noFacts, steps: [], dueAt: undefined };
}

function reportInvalid(desired: Extract<Desired, { kind: 'invalid' }>, journal: Journal): Report {
  const { revision, issues } = desired;
  const { before } = journal;
  journal.memory = { ...handled(journal), lastFailedRevision: revision };
  const message = `nothing is done until the document is corrected: ${issues.length} to correct`;
  const facts: StatusFacts = {
    ...noFacts,
    layers: before?.layers ?? [],
    blockedBy: [{ gate: 'limits', subject: 'site', reason: 'InvalidDocument', message }],
    issues,
  };
  return { revision, findings: invalidFindings(issues, before), facts, steps: [], dueAt: undefined };
}

/** Writes the status, when it says something new. */
async function tell(report: Report, journal: Journal): Promise<void> {
  const { site, before, memory, context, ports } = journal;
  // A name that never was a site gets no status.
  if (before === undefined && report.findings.health === 'Missing' && report.revision === 'none') return;
  const { revision, findings, facts, dueAt } = report;
  const composed = composeStatus({ site, before, revision, findings, facts, memory, dueAt, now: context.now });
  if (composed.changed) await ports.statuses.write(composed.status, composed.newEntries);
}

/** Tells of an error; when that fails too, the log has to do. */
export async function tellError(journal: Journal, kind: 'transient' | 'bug', message: string): Promise<void> {
  const { site, before, memory, context, ports } = journal;
  const retrying = retryingFindings(message, before);
  const stalled = { status: 'True', reason: 'ReconciliationFailed', message } as const;
  const findings = kind === 'bug' ? { ...retrying, stalled } : retrying;
  const revision = before?.lastAttemptedRevision ?? 'none';
  const facts: StatusFacts = before ?? noFacts;
  try {
    const { layers, capacity, blockedBy, issues } = facts;
    const input = { site, before, revision, findings, facts: { layers, capacity, blockedBy, issues }, memory };
    const composed = composeStatus({ ...input, dueAt: undefined, now: context.now });
    if (composed.changed) await ports.statuses.write(composed.status, composed.newEntries);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error('writing a status failed', { cause: thrown });
    ports.log.error('status of an error not written', { site, error });
  }
}
