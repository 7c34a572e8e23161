import { architectureOf } from '../architecture.ts';
import type { Finding } from '../issue.ts';
import type { Check } from './check.ts';

/** min and max are in order. */
export const bounds: Check = {
  reads: ['scaling.min', 'scaling.max'],
  run: ({ scaling: { min, max } }) =>
    min <= max
      ? []
      : [{ path: ['scaling', 'min'], message: `min is ${min}, but max is ${max}: min must not be greater` }],
};

/** With a standby database, nodes and cache are there twice too: else the site still stops with one zone. */
export const redundancy: Check = {
  reads: ['database.multiAz', 'scaling.min', 'cache.nodes'],
  run: ({ database, scaling, cache }) => {
    if (!database.multiAz) return [];
    const findings: Finding[] = [];
    if (scaling.min < 2) {
      const message = `min is ${scaling.min}, but database.multiAz is on (its default): a site that survives a zone needs at least 2 nodes; raise min, or turn database.multiAz off`;
      findings.push({ path: ['scaling', 'min'], message });
    }
    if (cache.nodes < 2) {
      const message = `the cache has ${cache.nodes} node, but database.multiAz is on (its default): a failover of the cache needs at least 2 nodes, and without it a failed zone ends all sessions`;
      findings.push({ path: ['cache', 'nodes'], message });
    }
    return findings;
  },
};

/** Instances run images of their own architecture only. */
export const architecture: Check = {
  reads: ['compute.architecture', 'compute.instanceType', 'compute.image'],
  run: ({ compute }) => {
    const findings: Finding[] = [];
    const ofType = architectureOf(compute.instanceType);
    if (ofType === undefined) {
      findings.push({
        path: ['compute', 'instanceType'],
        message: `${compute.instanceType} is no instance type of EC2`,
      });
    } else if (ofType !== compute.architecture) {
      const message = `${compute.instanceType} is ${ofType}, but compute.architecture is ${compute.architecture}: the image would not start; choose a type of the same architecture, or an image and architecture of this type`;
      findings.push({ path: ['compute', 'instanceType'], message });
    }
    const ofImage = architectureIn(compute.image);
    if (ofImage !== undefined && ofImage !== compute.architecture) {
      const message = `the parameter's name says ${ofImage}, but compute.architecture is ${compute.architecture}`;
      findings.push({ path: ['compute', 'image'], message });
    }
    return findings;
  },
};

/** The architecture that the name of an SSM parameter tells, as AWS's public parameters do. */
function architectureIn(image: string): 'arm64' | 'x86_64' | undefined {
  if (!image.startsWith('/')) return undefined;
  if (/(?<![a-z0-9])(arm64|aarch64)(?![a-z0-9])/.test(image)) return 'arm64';
  return /(?<![a-z0-9])(x86_64|amd64)(?![a-z0-9])/.test(image) ? 'x86_64' : undefined;
}

/** Auto Scaling ends the wait for a hook after 48 hours or 100 heartbeats, whichever is less. */
const mostHeartbeats = 100;
const longestWaitSeconds = 48 * 3600;

/**
 * What a launch may take fits into what Auto Scaling waits.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html#lifecycle-hook-considerations
 */
export const launchBudget: Check = {
  reads: ['lifecycle'],
  run: ({ lifecycle: { heartbeatSeconds, budgets } }) => {
    const ceiling = Math.min(longestWaitSeconds, mostHeartbeats * heartbeatSeconds);
    const needed = budgets.bootSeconds + budgets.mountSeconds + budgets.healthySeconds;
    if (needed <= ceiling) return [];
    const message = `boot, mount and healthy may take ${needed} s together, but Auto Scaling waits at most ${ceiling} s (100 heartbeats of ${heartbeatSeconds} s, or 48 hours): raise heartbeatSeconds or lower the budgets`;
    return [{ path: ['lifecycle', 'heartbeatSeconds'], message }];
  },
};
