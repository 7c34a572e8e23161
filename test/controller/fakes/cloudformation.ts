import type {
  ChangeSetCreated,
  ChangeSetExecuted,
  ChangeSetRequest,
  ChangeSetState,
  ResourceChange,
  StackState,
  StackStatus,
  Stacks,
} from '../../../controller/ports/stacks.ts';
import type { FakeClock } from './clock.ts';
import { type FakeResource, type FakeTemplate, resolveValue } from './template.ts';
import { diffTemplate } from './template-diff.ts';

interface ChangeSet {
  readonly arn: string;
  readonly request: ChangeSetRequest;
  readonly readyAt: number;
  readonly changes: readonly ResourceChange[];
  /** `failed` by fault injection. */
  readonly failure?: string;
  execution: 'available' | 'obsolete' | 'in-progress' | 'complete' | 'failed';
  deleted: boolean;
}

interface Operation {
  readonly changeSet: ChangeSet;
  /** Statuses to come, each with the moment when it begins. */
  readonly phases: readonly { readonly at: number; readonly status: StackStatus }[];
  readonly failure?: { readonly logicalId: string; readonly reason: string };
}

export interface FakeStack {
  readonly name: string;
  readonly id: string;
  status: StackStatus;
  statusReason?: string;
  changeSetId?: string;
  parameters: Readonly<Record<string, string>>;
  outputs: Readonly<Record<string, string>>;
  resources: Map<string, FakeResource>;
  terminationProtection: boolean;
  changeSets: ChangeSet[];
  operation?: Operation;
  lastFailure?: { readonly logicalId: string; readonly resourceType: string; readonly reason: string };
}

/** Times of the fake, in milliseconds. */
const changeSetMs = 1_500;
const createMs = 30_000;
const updateMs = 10_000;
const cleanupMs = 1_000;

/**
 * CloudFormation behind the port, with its statuses over virtual time.
 *
 * - A change set is CREATE_PENDING for 1.5 s; without a difference it is FAILED ("no changes"); names are unique a stack.
 * - Executing deletes the stack's other change sets, and takes 30 s for a create and 10 s for an update; outputs show when it is
 *   done. One operation a stack at a time. Once executed a change set is found by its ARN only.
 * - A failing create keeps what it made with disableRollback (CREATE_FAILED), and else ends in ROLLBACK_COMPLETE; a failing update
 *   ends in UPDATE_FAILED or is rolled back.
 * - A change set that another execution overtook is OBSOLETE.
 */
export class FakeCloudFormation implements Stacks {
  readonly stacks = new Map<string, FakeStack>();
  /** Executions that were really begun, in order: `<stack> <change set name>`. */
  readonly executions: string[] = [];
  readonly created: string[] = [];
  /** The next operation on a stack fails at this resource; every one with `always`. */
  readonly failures = new Map<string, { logicalId: string; reason: string; always?: boolean }>();
  /** The next change set of a stack is FAILED for this reason. */
  readonly changeSetFailures = new Map<string, string>();
  onStatus: (stackName: string, status: StackStatus) => void = () => {};
  onComplete: (stack: FakeStack) => void = () => {};
  readonly #clock: FakeClock;
  readonly #template: (key: string) => FakeTemplate | undefined;
  #serial = 0;

  constructor(clock: FakeClock, template: (key: string) => FakeTemplate | undefined) {
    this.#clock = clock;
    this.#template = template;
  }

  async describe(stackName: string): Promise<StackState> {
    this.settle();
    const stack = this.stacks.get(stackName);
    if (stack === undefined) return { kind: 'absent' };
    return {
      kind: 'present',
      stackId: stack.id,
      status: stack.status,
      parameters: stack.parameters,
      outputs: stack.outputs,
      terminationProtection: stack.terminationProtection,
      ...(stack.statusReason === undefined ? {} : { statusReason: stack.statusReason }),
      ...(stack.changeSetId === undefined ? {} : { changeSetId: stack.changeSetId }),
    };
  }

  async createChangeSet(request: ChangeSetRequest): Promise<ChangeSetCreated> {
    this.settle();
    const template = this.#template(request.templateKey);
    if (template === undefined) throw new Error(`no template ${request.templateKey}`);
    const stack = this.stacks.get(request.stackName) ?? this.#review(request);
    if (stack === undefined) return { kind: 'refused', reason: `Stack [${request.stackName}] does not exist` };
    const refusal = refusalOf(stack, request);
    if (refusal !== undefined) return { kind: 'refused', reason: refusal };
    const taken = stack.changeSets.some((one) => !one.deleted && !isExecuted(one) && one.request.name === request.name);
    if (taken) return { kind: 'name-taken' };
    const failure = this.changeSetFailures.get(request.stackName);
    this.changeSetFailures.delete(request.stackName);
    const changeSet: ChangeSet = {
      arn: `${arnPrefix}:changeSet/${request.name}/${this.#next()}`,
      request,
      readyAt: this.#clock.now + changeSetMs,
      changes: diffTemplate(template, request.parameters, stack.resources),
      execution: 'available',
      deleted: false,
      ...(failure === undefined ? {} : { failure }),
    };
    stack.changeSets.push(changeSet);
    this.created.push(`${request.stackName} ${request.name}`);
    // AWS already names it while the stack is only reviewed.
    if (stack.status === 'REVIEW_IN_PROGRESS') stack.changeSetId = changeSet.arn;
    return { kind: 'created', arn: changeSet.arn, stackId: stack.id };
  }

  async describeChangeSet(stackName: string, nameOrArn: string): Promise<ChangeSetState> {
    this.settle();
    const found = this.#find(stackName, nameOrArn);
    if (found === undefined) return { kind: 'absent' };
    const { arn, execution } = found;
    if (isExecuted(found))
      return { kind: 'executed', arn, outcome: execution as 'in-progress' | 'complete' | 'failed' };
    if (found.readyAt > this.#clock.now) return { kind: 'pending', arn };
    if (found.failure !== undefined) return { kind: 'failed', arn, reason: found.failure };
    if (found.changes.length === 0) return { kind: 'no-changes', arn };
    return execution === 'obsolete' ? { kind: 'obsolete', arn } : { kind: 'available', arn, changes: found.changes };
  }

  async executeChangeSet(
    arn: string,
    _clientToken: string,
    { disableRollback }: { disableRollback: boolean },
  ): Promise<ChangeSetExecuted> {
    this.settle();
    const stack = [...this.stacks.values()].find((one) => one.changeSets.some((set) => set.arn === arn));
    const changeSet = stack?.changeSets.find((one) => one.arn === arn && !one.deleted);
    if (stack === undefined || changeSet === undefined) return { kind: 'refused', reason: 'it does not exist' };
    const usable = changeSet.execution === 'available' && changeSet.readyAt <= this.#clock.now && !changeSet.failure;
    if (!usable || changeSet.changes.length === 0) {
      return { kind: 'refused', reason: `InvalidChangeSetStatus: ${changeSet.execution}` };
    }
    if (isBusy(stack.status)) return { kind: 'refused', reason: `is in ${stack.status} state` };
    this.#begin(stack, changeSet, disableRollback);
    return { kind: 'started' };
  }

  async deleteChangeSet(arn: string): Promise<void> {
    for (const stack of this.stacks.values()) {
      for (const one of stack.changeSets) if (one.arn === arn && !isExecuted(one)) one.deleted = true;
    }
  }

  async enableTerminationProtection(stackName: string): Promise<void> {
    const stack = this.stacks.get(stackName);
    if (stack === undefined) throw new Error(`stack ${stackName} does not exist`);
    stack.terminationProtection = true;
  }

  async firstFailure(stackName: string) {
    return this.stacks.get(stackName)?.lastFailure;
  }

  async listSites(): Promise<readonly string[]> {
    const names = [...this.stacks.keys()].map((name) =>
      /^nextcloud-site-(.+?)-(?:network|data|web|access)$/.exec(name),
    );
    return [...new Set(names.flatMap((match) => match?.[1] ?? []))].sort();
  }

  /** The next moment at which a stack changes its state by itself. */
  nextEvent(): number | undefined {
    const times = [...this.stacks.values()].flatMap((stack) => stack.operation?.phases.map((phase) => phase.at) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Brings every stack to where it is at this moment. */
  settle(): void {
    for (const stack of this.stacks.values()) this.#settleStack(stack);
  }

  #settleStack(stack: FakeStack): void {
    let { operation } = stack;
    while (operation?.phases[0] !== undefined && operation.phases[0].at <= this.#clock.now) {
      const [phase, ...later] = operation.phases;
      this.#enter(stack, operation, phase.status);
      operation = later.length === 0 ? undefined : { ...operation, phases: later };
      if (operation === undefined) delete stack.operation;
      else stack.operation = operation;
      this.onStatus(stack.name, phase.status);
    }
  }

  #enter(stack: FakeStack, { changeSet, failure }: Operation, status: StackStatus): void {
    stack.status = status;
    if (failure !== undefined && /ROLLBACK_IN_PROGRESS|_FAILED/.test(status)) {
      const type = this.#template(changeSet.request.templateKey)?.Resources[failure.logicalId]?.Type ?? 'Unknown';
      stack.lastFailure = { ...failure, resourceType: type };
      stack.statusReason = `The following resource(s) failed: [${failure.logicalId}].`;
    }
    if (/_FAILED$|ROLLBACK_COMPLETE$/.test(status)) changeSet.execution = 'failed';
    if (/^(CREATE|UPDATE)_COMPLETE(_CLEANUP_IN_PROGRESS)?$/.test(status) && changeSet.execution === 'in-progress') {
      this.#apply(stack, changeSet);
    }
    if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') {
      changeSet.execution = 'complete';
      delete stack.statusReason;
      this.onComplete(stack);
    }
  }

  #apply(stack: FakeStack, { request }: ChangeSet): void {
    const template = this.#template(request.templateKey) ?? { Resources: {} };
    const before = stack.resources;
    const after = new Map<string, FakeResource>();
    for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
      const old = before.get(id);
      const properties = resolveValue(Properties ?? {}, request.parameters, new Map([...before, ...after]));
      const same = old !== undefined && JSON.stringify(old.properties) === JSON.stringify(properties);
      const change = diffTemplate(
        { Resources: { [id]: template.Resources[id] ?? { Type } } },
        request.parameters,
        before,
      );
      const kept = old !== undefined && change.find((one) => one.logicalId === id)?.replacement !== 'True';
      after.set(id, {
        type: Type,
        physicalId: kept ? old.physicalId : `${id.toLowerCase()}-${this.#next()}`,
        properties: properties as Record<string, unknown>,
        version: old === undefined ? 1 : old.version + (same ? 0 : 1),
      });
    }
    stack.resources = after;
    stack.parameters = request.parameters;
    const outputs = Object.entries(template.Outputs ?? {});
    stack.outputs = Object.fromEntries(
      outputs.map(([name, { Value }]) => [name, String(resolveValue(Value, request.parameters, after))]),
    );
  }

  #begin(stack: FakeStack, changeSet: ChangeSet, disableRollback: boolean): void {
    const creating = stack.status === 'REVIEW_IN_PROGRESS';
    const failure = this.failures.get(stack.name);
    if (!failure?.always) this.failures.delete(stack.name);
    changeSet.execution = 'in-progress';
    for (const other of stack.changeSets) if (other !== changeSet && !isExecuted(other)) other.deleted = true;
    stack.changeSetId = changeSet.arn;
    stack.status = creating ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS';
    const end = this.#clock.now + (creating ? createMs : updateMs);
    stack.operation = {
      changeSet,
      phases: phasesOf(creating, failure !== undefined, disableRollback, end),
      ...(failure === undefined ? {} : { failure }),
    };
    this.executions.push(`${stack.name} ${changeSet.request.name}`);
    this.onStatus(stack.name, stack.status);
  }

  #review(request: ChangeSetRequest): FakeStack | undefined {
    if (request.type !== 'CREATE') return undefined;
    const stack: FakeStack = {
      name: request.stackName,
      id: `${arnPrefix}:stack/${request.stackName}/${this.#next()}`,
      status: 'REVIEW_IN_PROGRESS',
      parameters: {},
      outputs: {},
      resources: new Map(),
      terminationProtection: false,
      changeSets: [],
    };
    this.stacks.set(stack.name, stack);
    this.onStatus(stack.name, stack.status);
    return stack;
  }

  #find(stackName: string, nameOrArn: string): ChangeSet | undefined {
    if (nameOrArn.startsWith('arn:')) {
      const all = [...this.stacks.values()].flatMap((stack) => stack.changeSets);
      return all.find((one) => one.arn === nameOrArn && !one.deleted);
    }
    const own = this.stacks.get(stackName)?.changeSets ?? [];
    return own.find((one) => one.request.name === nameOrArn && !one.deleted && !isExecuted(one));
  }

  #next(): string {
    this.#serial += 1;
    return String(this.#serial).padStart(6, '0');
  }
}

const arnPrefix = 'arn:aws:cloudformation:eu-west-3:123456789012';

function isExecuted(changeSet: ChangeSet): boolean {
  return changeSet.execution !== 'available' && changeSet.execution !== 'obsolete';
}

export function isBusy(status: StackStatus): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

function refusalOf(stack: FakeStack, request: ChangeSetRequest): string | undefined {
  const { status } = stack;
  if (isBusy(status)) return `Stack ${stack.id} is in ${status} state and can not be updated.`;
  const never = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED', 'UPDATE_ROLLBACK_FAILED'];
  if (never.includes(status)) return `Stack ${stack.id} is in ${status} state and can not be updated.`;
  const reviewed = status === 'REVIEW_IN_PROGRESS';
  if (reviewed === (request.type === 'CREATE')) return undefined;
  return `Stack [${stack.name}] already exists and cannot be ${request.type === 'CREATE' ? 'created' : 'updated'} in ${status} state.`;
}

function phasesOf(creating: boolean, fails: boolean, disableRollback: boolean, end: number): Operation['phases'] {
  if (!fails && creating) return [{ at: end, status: 'CREATE_COMPLETE' }];
  if (!fails) {
    return [
      { at: end, status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' },
      { at: end + cleanupMs, status: 'UPDATE_COMPLETE' },
    ];
  }
  if (disableRollback) return [{ at: end, status: creating ? 'CREATE_FAILED' : 'UPDATE_FAILED' }];
  if (creating) {
    return [
      { at: end, status: 'ROLLBACK_IN_PROGRESS' },
      { at: end + updateMs, status: 'ROLLBACK_COMPLETE' },
    ];
  }
  return [
    { at: end, status: 'UPDATE_ROLLBACK_IN_PROGRESS' },
    { at: end + updateMs, status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' },
    { at: end + updateMs + cleanupMs, status: 'UPDATE_ROLLBACK_COMPLETE' },
  ];
}
