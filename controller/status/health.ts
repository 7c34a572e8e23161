import type { Site } from '../../desired-state/site.ts';
import type { GroupState } from '../ports/capacity.ts';
import type { HealthFacts } from '../ports/health.ts';
import { servingStates } from './serving-states.ts';
import type { Finding } from './set-condition.ts';
import type { HealthState } from './site-status.ts';

/** The Healthy condition and the word for it. */
export interface HealthFinding {
  readonly state: HealthState;
  readonly finding: Finding;
}

/** What is known of the time before, to tell a site that comes up from one that goes down. */
export interface HealthBefore {
  readonly state?: HealthState;
  /** Epoch milliseconds since when the Healthy condition says the same; absent: it says so now for the first time. */
  readonly unchangedSince?: number;
  /** The message that it says. */
  readonly message?: string;
  /** The bounds are being raised in this look. */
  readonly growing: boolean;
}

/**
 * Healthy is: at least scaling.min healthy targets, database and cache in a state in which they serve, and a mount target `available` in each of the
 * site's zones. A site that was not healthy yet, or that grows, is Progressing as long as something changes within the budgets
 * of a node's launch; else Degraded.
 */
export function healthOf(
  site: Site,
  facts: HealthFacts,
  group: GroupState,
  before: HealthBefore,
  now: number,
): HealthFinding {
  const faults = faultsOf(site, facts);
  if (faults.length === 0) {
    // Without the number of targets: the group's size is not worth a transition while it is enough.
    const message = `at least ${site.scaling.min} healthy targets; database, cache and file system available`;
    return { state: 'Healthy', finding: { status: 'True', reason: 'Succeeded', message } };
  }
  const message = faults.join('; ');
  if (Object.keys(facts).length === 0 && group.kind === 'absent') {
    return {
      state: 'Missing',
      finding: { status: 'False', reason: 'Progressing', message: 'nothing of it exists yet' },
    };
  }
  return progresses(site, before, message, now)
    ? { state: 'Progressing', finding: { status: 'False', reason: 'Progressing', message } }
    : { state: 'Degraded', finding: { status: 'False', reason: 'HealthCheckFailed', message } };
}

/** Everything that is not as it should be, each in a few words. */
function faultsOf(site: Site, facts: HealthFacts): string[] {
  const faults: string[] = [];
  const healthy = healthyTargets(facts);
  if (facts.targets === undefined) faults.push('no target group yet');
  else if (healthy < site.scaling.min) {
    faults.push(
      `${healthy} of ${facts.targets.length} targets healthy, at least ${site.scaling.min} wanted${why(facts)}`,
    );
  }
  faults.push(...statusFault('database', facts.databaseStatus), ...statusFault('cache', facts.cacheStatus));
  const mounted = (facts.mountTargets ?? [])
    .filter((one) => one.state === 'available')
    .map((one) => one.availabilityZone);
  const missing = site.network.availabilityZones.filter((zone) => !mounted.includes(zone));
  if (missing.length > 0) faults.push(`no mount target available in ${missing.join(', ')}`);
  return faults;
}

function statusFault(name: keyof typeof servingStates, status: string | undefined): string[] {
  if (status === undefined) return [`no ${name} yet`];
  return servingStates[name].has(status) ? [] : [`${name} is ${status}`];
}

/** The load balancer's words for those that are not healthy. */
function why({ targets }: HealthFacts): string {
  const words = (targets ?? []).filter((one) => one.state !== 'healthy').map((one) => one.reason ?? one.state);
  return words.length === 0 ? '' : ` (${[...new Set(words)].sort().join(', ')})`;
}

function healthyTargets({ targets }: HealthFacts): number {
  return (targets ?? []).filter((one) => one.state === 'healthy').length;
}

function progresses(site: Site, before: HealthBefore, message: string, now: number): boolean {
  if (before.growing) return true;
  if (before.state === 'Healthy' || before.state === 'Degraded') return false;
  if (before.message !== message || before.unchangedSince === undefined) return true;
  const { bootSeconds, mountSeconds, healthySeconds } = site.lifecycle.budgets;
  return now - before.unchangedSince <= (bootSeconds + mountSeconds + healthySeconds) * 1_000;
}
