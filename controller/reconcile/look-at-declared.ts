import { controllerOutputs } from '../../desired-state/rendered.ts';
import type { Findings, StatusFacts } from '../status/compose.ts';
import { describeCall } from '../status/describe-change.ts';
import { type HealthFinding, healthOf } from '../status/health.ts';
import { layerStatusOf } from '../status/layer-status.ts';
import { conditionOf } from '../status/set-condition.ts';
import { syncOf } from '../status/sync.ts';
import { readStackName } from '../work/stack-name.ts';
import { type AbsorbedSite, absorbSite, alignMemory } from './align.ts';
import type { Desired } from './desired.ts';
import { dueAtOf } from './due.ts';
import { type Passage, passGates } from './gates.ts';
import type { Journal } from './journal.ts';
import type { SiteMemory } from './memory.ts';
import type { Observation } from './observation.ts';
import { observe, outputOf } from './observe.ts';
import { planSite, type SitePlan } from './plan.ts';
import { handled, type Report } from './report.ts';
import { type Step, stepsOf } from './steps.ts';
import { rememberExecutions, rememberResult, type StepResult, take } from './take.ts';

type Declared = Extract<Desired, { kind: 'declared' }>;

/** Looks at a site whose document is good: sees, plans, passes the gates, makes its steps, and reports. */
export async function lookAtDeclared(desired: Declared, journal: Journal): Promise<Report | 'lost'> {
  const { context, ports, row } = journal;
  const { site, render } = desired;
  const aligned = alignMemory(journal.memory, render.layers);
  const observed = await observe(render.layers, aligned, ports);
  const requested = row.requestedAt !== undefined && row.requestedAt !== aligned.lastHandledReconcileAt;
  const absorbed = absorbSite(aligned, render.layers, observed, context, requested);
  journal.memory = withFailure(absorbed, desired.revision);
  const plan = planSite(site, render.layers, observed, journal.memory, context.now);
  const passage = passGates(site, plan);
  const steps = stepsOf(site, plan, passage, absorbed.spent, { revision: desired.revision });
  const refusals = await makeSteps(steps, journal);
  if (refusals === 'lost') return 'lost';
  const seen: Seen = { desired, observed, plan: afterCalls(plan, steps), passage, steps, refusals };
  journal.memory = concluded(seen, journal);
  return report(seen, journal);
}

interface Seen {
  readonly desired: Declared;
  readonly observed: Observation;
  /** Without the direct calls that were made. */
  readonly plan: SitePlan;
  readonly passage: Passage;
  readonly steps: readonly Step[];
  /** What CloudFormation refused for the moment. */
  readonly refusals: readonly string[];
}

function withFailure({ memory, newlyFailed }: AbsorbedSite, revision: string): SiteMemory {
  return newlyFailed.length === 0 ? memory : { ...memory, lastFailedRevision: revision };
}

/**
 * Makes all steps at once; they depend on nothing of each other. What those that succeeded have taught is kept when another one
 * fails.
 *
 * @returns what was refused for the moment; `lost` when the lease is gone, before anything is executed
 */
async function makeSteps(steps: readonly Step[], journal: Journal): Promise<readonly string[] | 'lost'> {
  const { context, ports, lease, site } = journal;
  if (steps.length === 0) return [];
  if (steps.some((step) => step.kind === 'execute-change-set')) {
    journal.memory = rememberExecutions(journal.memory, steps, context.now);
    if (!(await ports.rows.remember(lease, journal.memory))) return 'lost';
  }
  const settled = await Promise.allSettled(steps.map((step) => take(step, ports)));
  const results = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  journal.memory = results.reduce((memory, result) => rememberResult(memory, result, context), journal.memory);
  for (const step of steps) ports.log.info('step', { site, step: step.kind, subject: subjectOf(step) });
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  // A bug weighs more than a service that asks to come back later.
  if (failures.length > 0) throw failures.find(isBug) ?? failures[0];
  return results.flatMap(refusalOf);
}

function isBug(error: unknown): boolean {
  return !(error instanceof Error && error.name === 'TransientError');
}

function refusalOf(result: StepResult): string[] {
  return result.kind === 'refused' ? [`${result.layer}: ${result.reason}`] : [];
}

function subjectOf(step: Step): string {
  return 'layer' in step ? step.layer : step.groupName;
}

/** Auto Scaling answers when it is done: calls that were made are no gap any more. */
function afterCalls(plan: SitePlan, steps: readonly Step[]): SitePlan {
  const made = steps.some((step) => step.kind === 'set-bounds' || step.kind === 'put-cpu-policy');
  return made ? { ...plan, calls: [] } : plan;
}

/** Memory at the end of a look. */
function concluded({ desired, plan, refusals }: Seen, journal: Journal): SiteMemory {
  const memory = {
    ...handled(journal),
    transientAttempts: refusals.length === 0 ? 0 : journal.memory.transientAttempts + 1,
  };
  const { revision, versionId, render } = desired;
  const applied = plan.layers.every((one) => one.plan.kind === 'in-sync') && plan.calls.length === 0;
  const { lastApplied } = memory;
  const known = lastApplied?.versionId === versionId && lastApplied.rendererVersion === render.rendererVersion;
  if (!applied || known) return memory;
  return {
    ...memory,
    lastApplied: { revision, versionId, rendererVersion: render.rendererVersion, at: journal.context.now },
  };
}

function report(seen: Seen, journal: Journal): Report {
  const { desired, plan, passage, steps, refusals } = seen;
  const { context, memory } = journal;
  const { site, revision } = desired;
  const health = healthFinding(seen, journal);
  const sync = syncOf(site, plan, passage);
  const refused = { status: 'True', reason: 'ProgressingWithRetry', message: refusals.join('; ') } as const;
  const findings: Findings = {
    sync: sync.synced.status === 'True' ? 'Synced' : 'OutOfSync',
    health: health.state,
    ...sync,
    healthy: health.finding,
    ...(refusals.length === 0 ? {} : { reconciling: refused }),
  };
  const due = { site, plan, steps, health: health.state, refusals: memory.transientAttempts };
  const dueAt = dueAtOf({ ...due, now: context.now, jitter: context.jitter });
  return { revision, findings, facts: factsOf(seen, journal), steps, dueAt };
}

function healthFinding({ desired, observed, steps }: Seen, { before, context }: Journal): HealthFinding {
  const condition = conditionOf(before?.conditions ?? [], 'Healthy');
  const growing = steps.some((step) => step.kind === 'set-bounds' && step.to.min > step.from.min);
  const known = {
    growing,
    ...(before === undefined ? {} : { state: before.health }),
    ...(condition === undefined
      ? {}
      : { unchangedSince: Date.parse(condition.lastTransitionTime), message: condition.message }),
  };
  return healthOf(desired.site, observed.health, observed.group, known, context.now);
}

function factsOf({ desired, observed, plan, passage, steps }: Seen, { before }: Journal): StatusFacts {
  const calls = steps.flatMap((step) =>
    step.kind === 'set-bounds' || step.kind === 'put-cpu-policy' ? [describeCall(step)] : [],
  );
  const due = plan.calls.map(describeCall);
  // What a commit made the group do stays to be read until the next commit.
  const kept = before?.lastAttemptedRevision === desired.revision ? before.capacity : [];
  const loadBalancer = outputOf(observed.layers, 'web', controllerOutputs.loadBalancerDnsName);
  const nameServers = outputOf(observed.layers, 'network', controllerOutputs.hostedZoneNameServers);
  return {
    layers: [...plan.layers.map((one) => layerStatusOf(one, passage)), ...plan.leftovers.map(leftoverStatus)],
    capacity: calls.length + due.length > 0 ? [...calls, ...due] : kept,
    blockedBy: passage.blockedBy,
    issues: [],
    ...(loadBalancer === undefined ? {} : { loadBalancerDnsName: loadBalancer }),
    ...(nameServers === undefined ? {} : { hostedZoneNameServers: nameServers.split(',').map((one) => one.trim()) }),
  };
}

function leftoverStatus(stackName: string): StatusFacts['layers'][number] {
  const message = 'declared no more and left as it is: remove it by hand when nothing uses it';
  return {
    layer: readStackName(stackName)?.layer ?? 'certificate',
    stackName,
    state: 'leftover',
    message,
    changes: [],
  };
}
