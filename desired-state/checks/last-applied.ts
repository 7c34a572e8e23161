import type { Path } from '../issue.ts';
import type { Site } from '../site.ts';
import { subnetsOf } from '../subnets.ts';
import type { Check, Field } from './check.ts';

interface Fixed {
  readonly reads: readonly Field[];
  readonly path: Path;
  readonly read: (site: Site) => string;
  readonly reason: string;
}

const inUse = 'subnets that are in use can neither move nor change: it would be another network';

const subnets: readonly Field[] = ['network.cidr', 'network.publicSubnets', 'network.privateSubnets'];

/**
 * What never changes. An instance type, an image and their architecture are not in it: nodes hold nothing of their own, so
 * they are replaced one after another.
 */
const fixed: readonly Fixed[] = [
  {
    reads: ['name'],
    path: ['name'],
    read: ({ name }) => name,
    reason: 'it is in the names of the stacks: another name is another site',
  },
  {
    reads: ['region'],
    path: ['region'],
    read: ({ region }) => region,
    reason: 'nothing of a site moves to another region',
  },
  { reads: ['network.cidr'], path: ['network', 'cidr'], read: ({ network }) => network.cidr, reason: inUse },
  {
    reads: ['network.availabilityZones'],
    path: ['network', 'availabilityZones'],
    read: ({ network }) => network.availabilityZones.join(', '),
    reason: inUse,
  },
  {
    reads: subnets,
    path: ['network', 'publicSubnets'],
    read: ({ network }) => subnetsOf(network).public.join(', '),
    reason: inUse,
  },
  {
    reads: subnets,
    path: ['network', 'privateSubnets'],
    read: ({ network }) => subnetsOf(network).private.join(', '),
    reason: inUse,
  },
  {
    reads: ['database.name'],
    path: ['database', 'name'],
    read: ({ database }) => database.name,
    reason: 'RDS would replace the database with an empty one',
  },
];

/** One check a field that never changes. Subnets that only follow from another VPC block are not reported beside it. */
export const immutable: readonly Check[] = fixed.map(({ reads, path, read, reason }) => ({
  reads,
  run: (site, { lastApplied }) => {
    if (lastApplied === undefined || read(site) === read(lastApplied)) return [];
    if (reads.length > 1 && site.network.cidr !== lastApplied.network.cidr) return [];
    const message = `${path.join('.')} never changes: it is ${read(lastApplied)}, not ${read(site)}; ${reason}`;
    return [{ path, message }];
  },
}));

/** In percent. RDS rounds a smaller step up to this, which would stay a difference for ever. */
const leastGrowth = 10;

/**
 * Storage of the database never shrinks, and grows by at least a tenth.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html (AllocatedStorage)
 */
export const storageGrows: Check = {
  reads: ['database.storageGib'],
  run: ({ database }, { lastApplied }) => {
    const before = lastApplied?.database.storageGib;
    if (before === undefined || database.storageGib === before) return [];
    const path = ['database', 'storageGib'];
    if (database.storageGib < before) {
      return [
        {
          path,
          message: `storage never shrinks: it is ${before} GiB, not ${database.storageGib}; a smaller database is a new one with restored data`,
        },
      ];
    }
    const least = Math.ceil((before * (100 + leastGrowth)) / 100);
    if (database.storageGib >= least) return [];
    return [
      {
        path,
        message: `storage grows by at least ${leastGrowth} %: from ${before} GiB to ${least} GiB or more, for RDS rounds up to that`,
      },
    ];
  },
};

const numbers = (version: string): number[] => version.split('.').map(Number);

/** Negative when `one` is older than `other`. */
function compareVersions(one: string, other: string): number {
  const others = numbers(other);
  return (
    numbers(one)
      .map((part, index) => part - (others[index] ?? 0))
      .find((difference) => difference !== 0) ?? 0
  );
}

/** RDS never goes back to an older version. */
export const engineGoesForward: Check = {
  reads: ['database.engineVersion'],
  run: ({ database }, { lastApplied }) => {
    const before = lastApplied?.database.engineVersion;
    if (before === undefined || compareVersions(database.engineVersion, before) >= 0) return [];
    const message = `MySQL never goes back: it is ${before}, not ${database.engineVersion}; an older version is a new database with restored data`;
    return [{ path: ['database', 'engineVersion'], message }];
  },
};

/** Nextcloud never goes back, and upgrades one major at a time: each has migrations that the next relies on. */
export const nextcloudGoesForward: Check = {
  reads: ['nextcloud.version'],
  run: ({ nextcloud }, { lastApplied }) => {
    const before = lastApplied?.nextcloud.version;
    if (before === undefined) return [];
    const path = ['nextcloud', 'version'];
    if (compareVersions(nextcloud.version, before) < 0) {
      const message = `Nextcloud never goes back: it is ${before}, not ${nextcloud.version}; an older version is a restored backup`;
      return [{ path, message }];
    }
    const [major = 0, majorBefore = 0] = [numbers(nextcloud.version)[0], numbers(before)[0]];
    if (major <= majorBefore + 1) return [];
    const message = `Nextcloud never skips a major version: from ${before} go to the latest ${majorBefore + 1}.x first, then on to ${nextcloud.version}`;
    return [{ path, message }];
  },
};
