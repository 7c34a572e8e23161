import type { Issue } from '../../desired-state/parse.ts';
import type { Findings } from './compose.ts';
import { counted } from './describe-change.ts';
import { conditionOf, type Finding } from './set-condition.ts';
import type { SiteStatus } from './site-status.ts';

const unknown: Finding = { status: 'Unknown', reason: 'Progressing', message: 'not looked at yet' };

/** What the last look said of health: a look that does not come so far keeps it. */
export function keptHealth(before: SiteStatus | undefined): Pick<Findings, 'health' | 'healthy'> {
  const healthy = conditionOf(before?.conditions ?? [], 'Healthy');
  return { health: before?.health ?? 'Unknown', healthy: healthy === undefined ? unknown : findingOf(healthy) };
}

/** The document is wrong: nothing is touched until another one is committed. */
export function invalidFindings(issues: readonly Issue[], before: SiteStatus | undefined): Findings {
  const first = issues[0];
  const place =
    first === undefined ? '' : `; the first at line ${first.line}, column ${first.column}: ${first.message}`;
  const message = `the document has ${counted(issues.length, 'issue')}${place}`;
  const finding: Finding = { status: 'False', reason: 'InvalidDocument', message };
  return { sync: 'OutOfSync', synced: finding, stalled: { ...finding, status: 'True' }, ...keptHealth(before) };
}

/** The document is gone and stacks are there: they stay as they are. */
export function orphanedFindings(stackNames: readonly string[]): Findings {
  const message = `the document is gone; ${counted(stackNames.length, 'stack')} left as they are until it is committed again: ${stackNames.join(', ')}`;
  const synced: Finding = { status: 'False', reason: 'Orphaned', message };
  return { sync: 'Unknown', health: 'Unknown', synced, healthy: { ...synced, status: 'Unknown' } };
}

/** There is neither a document nor a stack. */
export function missingFindings(): Findings {
  const synced: Finding = { status: 'False', reason: 'Orphaned', message: 'there is neither a document nor a stack' };
  return { sync: 'Unknown', health: 'Missing', synced, healthy: { ...synced, status: 'False' } };
}

/** A service asks to come back later, again and again: nothing is wrong with the document. */
export function retryingFindings(message: string, before: SiteStatus | undefined): Findings {
  const synced = conditionOf(before?.conditions ?? [], 'Synced');
  const stalled = conditionOf(before?.conditions ?? [], 'Stalled');
  return {
    sync: before?.sync ?? 'Unknown',
    synced: synced === undefined ? unknown : findingOf(synced),
    ...keptHealth(before),
    ...(stalled === undefined ? {} : { stalled: findingOf(stalled) }),
    reconciling: { status: 'True', reason: 'ProgressingWithRetry', message },
  };
}

function findingOf({ status, reason, message }: Finding): Finding {
  return { status, reason, message };
}
