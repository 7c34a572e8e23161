import type { HealthFacts, HealthReader, HealthTargets } from '../../../controller/ports/health.ts';
import { type LookOutcome, look } from '../../../controller/reconcile/look.ts';
import type { LookPorts } from '../../../controller/reconcile/look-ports.ts';
import type { SiteStatus } from '../../../controller/status/site-status.ts';
import { readStackName } from '../../../controller/work/stack-name.ts';
import { FakeAutoScaling } from './auto-scaling.ts';
import { FakeBucket, FakeImages } from './bucket.ts';
import { FakeClock } from './clock.ts';
import { FakeCloudFormation, type FakeStack } from './cloudformation.ts';
import { Interrupter } from './interrupt.ts';
import { bastionImage } from './miniature-site.ts';
import { FakeStatuses } from './statuses.ts';
import { FakeBell, FakeWorkRows } from './work-rows.ts';

export const nodeImage = '/nextcloud-gitops/images/nextcloud-35-arm64';
const leaseMs = 90_000;
const tickMs = 60_000;

/** Everything around the reconciler: AWS, table, bucket and queue in memory, over virtual time. */
export class World {
  readonly clock = new FakeClock();
  readonly bucket = new FakeBucket();
  readonly images = new FakeImages();
  readonly rows = new FakeWorkRows();
  readonly statuses = new FakeStatuses();
  readonly capacity = new FakeAutoScaling(this.clock);
  readonly bell = new FakeBell(() => this.clock.now);
  readonly stacks = new FakeCloudFormation(this.clock, (key) => this.bucket.templates.get(key));
  readonly interrupter = new Interrupter();
  readonly errors: Error[] = [];
  readonly outcomes: LookOutcome[] = [];
  /** What the services say of the data; a test may change it. */
  databaseStatus = 'available';
  readonly ports: LookPorts;
  /** Whether stack events arrive: they come at least once on AWS, and a test may lose them. */
  deliversEvents = true;
  #looks = 0;

  constructor() {
    this.images.values.set(nodeImage, 'ami-0aaaaaaaaaaaaaaa1');
    this.images.values.set(bastionImage, 'ami-0bbbbbbbbbbbbbbb1');
    this.stacks.onStatus = (stackName) => this.#stackEvent(stackName);
    this.stacks.onComplete = (stack) => this.#stackComplete(stack);
    const health: HealthReader = { read: (targets) => this.#health(targets) };
    const silent = () => {};
    this.ports = this.interrupter.watch({
      rows: this.rows,
      documents: this.bucket,
      renders: this.bucket,
      images: this.images,
      statuses: this.statuses,
      stacks: this.stacks,
      capacity: this.capacity,
      health,
      bell: this.bell,
      log: { info: silent, warn: silent, error: (_message, { error }) => void this.errors.push(error) },
      metrics: { count: silent, milliseconds: silent },
    });
  }

  /** Puts a document and rings, as a commit does. */
  commit(site: string, document: unknown): string {
    const versionId = this.bucket.put(site, document);
    this.bell.messages.push({ site, at: this.clock.now });
    return versionId;
  }

  /** Removes a document and rings. */
  uncommit(site: string): void {
    this.bucket.remove(site);
    this.bell.messages.push({ site, at: this.clock.now });
  }

  /** One look, now. */
  async look(site: string, requestedAt?: string): Promise<LookOutcome> {
    this.#looks += 1;
    const request = requestedAt === undefined ? {} : { requestedAt };
    const context = {
      now: this.clock.now,
      jitter: 0.5,
      holder: `look-${this.#looks}`,
      leaseMs,
      region: 'eu-west-3',
      ...request,
    };
    const outcome = await look(site, context, this.ports);
    this.outcomes.push(outcome);
    return outcome;
  }

  /**
   * Lets time pass: delivers bells, rings a tick every minute, and looks, until nothing is to be done before `until`.
   *
   * @param minutes of virtual time
   */
  async run(minutes: number): Promise<void> {
    const until = this.clock.now + minutes * 60_000;
    let nextTick = this.clock.now + tickMs;
    for (let round = 0; round < 5_000; round += 1) {
      this.stacks.settle();
      for (const site of this.bell.take(this.clock.now)) await this.#lookAsQueue(site);
      const next = Math.min(nextTick, this.stacks.nextEvent() ?? until, ...this.bell.messages.map((one) => one.at));
      if (next >= until) return this.clock.moveTo(until);
      this.clock.moveTo(next);
      if (next < nextTick) continue;
      nextTick += tickMs;
      await this.bell.ring(await this.rows.due(this.clock.now, 1_000), 0);
    }
    throw new Error('the world does not come to rest: something rings for ever');
  }

  /** The site's status as it was written last. */
  async status(site: string): Promise<SiteStatus> {
    const status = await this.statuses.read(site);
    if (status === undefined) throw new Error(`no status of ${site}`);
    return status;
  }

  /** A message whose look fails comes again after a while, as from a queue. */
  async #lookAsQueue(site: string): Promise<void> {
    try {
      await this.look(site);
    } catch (error) {
      this.errors.push(error as Error);
      this.interrupter.restart();
      this.bell.messages.push({ site, at: this.clock.now + leaseMs });
    }
  }

  #stackEvent(stackName: string): void {
    const site = readStackName(stackName)?.site;
    if (site !== undefined && this.deliversEvents) this.bell.messages.push({ site, at: this.clock.now + 500 });
  }

  #stackComplete(stack: FakeStack): void {
    const { AutoScalingGroupName: name, LaunchTemplateVersion: version } = stack.outputs;
    if (name !== undefined && version !== undefined) this.capacity.declareGroup(name, version);
  }

  async #health(targets: HealthTargets): Promise<HealthFacts> {
    const zones = ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'];
    return {
      ...(targets.targetGroupArn === undefined ? {} : { targets: this.capacity.targets() }),
      ...(targets.databaseIdentifier === undefined ? {} : { databaseStatus: this.databaseStatus }),
      ...(targets.cacheReplicationGroupId === undefined ? {} : { cacheStatus: 'available' }),
      ...(targets.fileSystemId === undefined
        ? {}
        : { mountTargets: zones.map((availabilityZone) => ({ availabilityZone, state: 'available' })) }),
    };
  }
}
