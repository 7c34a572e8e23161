import type { Capacity, GroupInstance, GroupState } from '../../../controller/ports/capacity.ts';
import type { FakeClock } from './clock.ts';

interface FakeInstance {
  readonly id: string;
  readonly zone: string;
  readonly version: string;
  readonly inServiceAt: number;
  /** A target is healthy a little later than it is in service, unless it stops answering. */
  answers: boolean;
}

interface FakeGroup {
  readonly name: string;
  min: number;
  max: number;
  desired: number;
  version: string;
  policyPercent?: number;
  instances: FakeInstance[];
}

const launchMs = 40_000;
const healthyMs = 10_000;
const zones = ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'];

/** Auto Scaling behind the port: instances are Pending for 40 s, and healthy targets 10 s after that. */
export class FakeAutoScaling implements Capacity {
  readonly groups = new Map<string, FakeGroup>();
  /** Calls that changed something, in order. */
  readonly calls: string[] = [];
  readonly #clock: FakeClock;
  #serial = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** What CloudFormation does when it creates or updates the group: never its size. */
  declareGroup(name: string, launchTemplateVersion: string): void {
    const group = this.groups.get(name);
    if (group === undefined) {
      this.groups.set(name, { name, min: 0, max: 0, desired: 0, version: launchTemplateVersion, instances: [] });
    } else group.version = launchTemplateVersion;
  }

  async describe(groupName: string): Promise<GroupState> {
    const group = this.groups.get(groupName);
    if (group === undefined) return { kind: 'absent' };
    const { name, min, max, desired, version, policyPercent } = group;
    return {
      kind: 'present',
      name,
      min,
      max,
      desired,
      launchTemplateVersion: version,
      instances: group.instances.map((one) => this.#instance(one)),
      ...(policyPercent === undefined ? {} : { cpuPolicy: { targetPercent: policyPercent } }),
    };
  }

  async setBounds(groupName: string, { min, max }: { min: number; max: number }): Promise<void> {
    const group = this.#group(groupName);
    this.calls.push(`${groupName} ${min}..${max}`);
    Object.assign(group, { min, max, desired: Math.min(max, Math.max(min, group.desired)) });
    this.#resize(group);
  }

  async putCpuPolicy(groupName: string, targetPercent: number): Promise<void> {
    this.calls.push(`${groupName} ${targetPercent} %`);
    this.#group(groupName).policyPercent = targetPercent;
  }

  /** An instance's load balancer target, in the load balancer's words. */
  targets(): { id: string; state: string; reason?: string }[] {
    const all = [...this.groups.values()].flatMap((group) => group.instances);
    return all
      .filter((one) => one.inServiceAt <= this.#clock.now)
      .map((one) => {
        if (!one.answers) return { id: one.id, state: 'unhealthy', reason: 'Target.Timeout' };
        const healthy = one.inServiceAt + healthyMs <= this.#clock.now;
        return healthy
          ? { id: one.id, state: 'healthy' }
          : { id: one.id, state: 'initial', reason: 'Elb.InitialHealthChecking' };
      });
  }

  #instance(one: FakeInstance): GroupInstance {
    return {
      instanceId: one.id,
      lifecycleState: one.inServiceAt <= this.#clock.now ? 'InService' : 'Pending',
      healthStatus: 'Healthy',
      availabilityZone: one.zone,
      launchTemplateVersion: one.version,
    };
  }

  #resize(group: FakeGroup): void {
    while (group.instances.length > group.desired) group.instances.pop();
    while (group.instances.length < group.desired) {
      this.#serial += 1;
      group.instances.push({
        id: `i-${String(this.#serial).padStart(17, '0')}`,
        zone: zones[this.#serial % zones.length] ?? 'eu-west-3a',
        version: group.version,
        inServiceAt: this.#clock.now + launchMs,
        answers: true,
      });
    }
  }

  #group(name: string): FakeGroup {
    const group = this.groups.get(name);
    if (group === undefined) throw new Error(`group ${name} not found`);
    return group;
  }
}
