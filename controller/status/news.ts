import type { Condition, Reason } from './conditions.ts';
import { conditionOf } from './set-condition.ts';
import type { SiteEvent } from './site-event.ts';
import type { SiteStatus } from './site-status.ts';
import { isQuiet, quieted, type Told, type Word, type Words } from './told.ts';

/** A piece of news, and what was told once it is. */
interface News {
  readonly event: SiteEvent;
  readonly words: Words;
}

/** Reasons of what only takes its course: everyone who commits knows. */
const routine: ReadonlySet<Reason> = new Set(['Progressing', 'DependencyNotReady', 'RollingOut']);

/** Not as it should be, and nobody has to get up for it. */
const unhurried: ReadonlySet<Reason> = new Set([
  'AwaitingApproval',
  'AwaitingWindow',
  'Suspended',
  'Orphaned',
  'ProgressingWithRetry',
]);

const fine: Word = { says: 'True', good: true };

/**
 * The events that a status is worth to those who know what was told before: a revision that was applied, what became wrong, and what
 * is well again. What takes its course is no event, and one cause is one event, whatever conditions say so.
 *
 * It compares with what was told, not with the status before: a delivery that comes twice or late is told once, and what is well
 * again is told only where it was told to be wrong. The same event comes again after five minutes at the earliest, and ever more
 * rarely of a site that comes and goes; only that something is wrong again is always told, so that the last word is never better
 * than the truth.
 *
 * @returns the events, and what is told once they are published
 */
export function newsOf(status: SiteStatus, told: Told): { readonly events: readonly SiteEvent[]; readonly told: Told } {
  const at = Date.parse(status.updatedAt);
  const events: SiteEvent[] = [];
  let known = told;
  if (at < told.at) return { events, told };
  for (const { event, words } of [
    ...appliedNews(status, told),
    ...troubles(status, told),
    ...recoveries(status, told),
  ]) {
    const repeated = isQuiet(event, known);
    if (repeated && !isWorse(event, told.words)) continue;
    events.push(repeated ? { ...event, message: `again, it comes and goes: ${event.message}` } : event);
    known = { at, words: { ...known.words, ...words }, quiet: quieted(event, known) };
  }
  return { events, told: known };
}

/** An error of what was told to be well since. */
function isWorse({ severity, metadata: { condition } }: SiteEvent, words: Words): boolean {
  return (
    severity === 'error' && condition !== undefined && condition !== 'Reconciling' && words[condition]?.good !== false
  );
}

/** A revision that was applied; that everything is well with it is said in the same breath. */
function appliedNews(status: SiteStatus, told: Told): readonly News[] {
  const { lastAppliedRevision: revision } = status;
  if (revision === undefined || told.words.Applied?.says === revision) return [];
  const ready = readyNews(status, told);
  const message = `revision ${revision} is applied${ready === undefined ? '' : `; ${ready.event.message}`}`;
  const synced: Words =
    conditionOf(status.conditions, 'Synced')?.status === 'True' ? { Synced: fine, Stalled: fine } : {};
  const words: Words = { ...synced, ...ready?.words, Applied: { says: revision, good: true } };
  return [
    { event: eventOf(status, { severity: 'info', reason: 'Succeeded', message, metadata: { revision } }), words },
  ];
}

/** What is wrong; conditions that say so for the same reason are one event. */
function troubles(status: SiteStatus, { words: known }: Told): readonly News[] {
  const wrong = (['Stalled', 'Synced', 'Healthy'] as const).flatMap((type) => {
    const condition = conditionOf(status.conditions, type);
    return condition !== undefined && isTrouble(condition) ? [{ ...condition, type }] : [];
  });
  return [...new Set(wrong.map(({ reason }) => reason))].flatMap((reason) => {
    const alike = wrong.filter((condition) => condition.reason === reason);
    const [first] = alike;
    const words = Object.fromEntries(alike.map((one) => [one.type, troubleWord(one, status)])) as Words;
    const isNews = alike.some(({ type }) => known[type]?.says !== words[type]?.says);
    if (first === undefined || !isNews) return [];
    return [{ event: conditionEvent(status, first), words: { ...words, Ready: { says: reason, good: false } } }];
  });
}

function isTrouble({ type, status, reason }: Condition): boolean {
  return type === 'Stalled' ? status === 'True' : status !== 'True' && !routine.has(reason);
}

/** A commit that is refused like the one before is news; so is another plan to approve, and a retry that failed again. */
function troubleWord(
  { type, status, reason, observedRevision, lastTransitionTime }: Condition,
  site: SiteStatus,
): Word {
  const approvals = site.blockedBy.filter(({ gate }) => gate === 'approval').map(({ message }) => message);
  const more = { Stalled: [observedRevision, lastTransitionTime], Synced: [observedRevision, ...approvals] };
  return {
    says: [status, reason, ...(type === 'Stalled' || type === 'Synced' ? more[type] : [])].join(' '),
    good: false,
  };
}

/** What is well again. That all is well says it of every part. */
function recoveries(status: SiteStatus, told: Told): readonly News[] {
  const applied = status.lastAppliedRevision !== told.words.Applied?.says;
  const ready = readyNews(status, told);
  // An applied revision has said so already.
  if (ready !== undefined) return applied ? [] : [ready];
  return (['Healthy', 'Synced'] as const).flatMap((type) => {
    const condition = conditionOf(status.conditions, type);
    if (condition?.status !== 'True' || told.words[type]?.good !== false || (applied && type === 'Synced')) return [];
    return [{ event: conditionEvent(status, condition), words: { [type]: fine } }];
  });
}

function readyNews(status: SiteStatus, told: Told): News | undefined {
  const ready = conditionOf(status.conditions, 'Ready');
  if (ready?.status !== 'True' || told.words.Ready?.good === true) return undefined;
  return {
    event: conditionEvent(status, ready),
    words: { Ready: fine, Stalled: fine, Healthy: fine, Synced: fine },
  };
}

function conditionEvent(status: SiteStatus, condition: Condition): SiteEvent {
  const { type, reason, message, observedRevision: revision } = condition;
  const bad = isTrouble(condition) && (type === 'Stalled' || !unhurried.has(reason));
  return eventOf(status, {
    severity: bad ? 'error' : 'info',
    reason,
    message,
    metadata: { revision, condition: type },
  });
}

function eventOf(
  { site, updatedAt }: SiteStatus,
  what: Pick<SiteEvent, 'severity' | 'reason' | 'message' | 'metadata'>,
): SiteEvent {
  const { severity, reason, message, metadata } = what;
  return {
    involvedObject: { kind: 'Site', name: site },
    severity,
    timestamp: updatedAt,
    message,
    reason,
    metadata,
    reportingController: 'nextcloud-gitops',
  };
}
