import { TransientError } from '../../../controller/ports/errors.ts';
import type { LookPorts } from '../../../controller/reconcile/look-ports.ts';

/** The process is gone: nothing that comes after is done either. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** What happens at one call of a run. */
export interface Fault {
  /** Index of the call, from 0. */
  readonly at: number;
  /** `crash-before`: it is not made; `crash-after`: it is made and its answer never arrives; `throttle`: the service refuses it. */
  readonly kind: 'crash-before' | 'crash-after' | 'throttle';
}

/** Counts the calls that go through ports, and lets one of them fail. */
export class Interrupter {
  calls: string[] = [];
  fault: Fault | undefined;
  #dead = false;

  /** A new process. */
  restart(fault?: Fault): void {
    this.calls = [];
    this.fault = fault;
    this.#dead = false;
  }

  /** The same ports, watched. Log and metrics are no calls. */
  watch(ports: LookPorts): LookPorts {
    const { log, metrics, ...rest } = ports;
    const watched = Object.entries(rest).map(([name, port]) => [name, this.#watchPort(name, port)]);
    return { ...(Object.fromEntries(watched) as Omit<LookPorts, 'log' | 'metrics'>), log, metrics };
  }

  #watchPort(name: string, port: object): object {
    return new Proxy(port, {
      get: (target, key) => {
        const value = Reflect.get(target, key) as unknown;
        if (typeof value !== 'function') return value;
        return (...inputs: unknown[]) =>
          this.#call(`${name}.${String(key)}`, async () => (await value.apply(target, inputs)) as unknown);
      },
    });
  }

  async #call(name: string, make: () => Promise<unknown>): Promise<unknown> {
    if (this.#dead) throw new Crash(`${name}: the process is gone`);
    const index = this.calls.push(name) - 1;
    if (this.fault?.at !== index) return make();
    if (this.fault.kind === 'throttle') throw new TransientError(`${name}: Rate exceeded`);
    if (this.fault.kind === 'crash-after') await make();
    this.#dead = true;
    throw new Crash(`${name}: the process ends here`);
  }
}
