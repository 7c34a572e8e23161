/** Memory in GiB of one instance of each size of a family of database classes, from `large` on as vCPUs double. */
const perLarge = new Map<string, number>([
  // General purpose: 4 GiB a vCPU.
  ...['m5', 'm5d', 'm6g', 'm6gd', 'm6i', 'm6id', 'm6idn', 'm6in', 'm7g', 'm7gd', 'm7i', 'm8g', 'm8gd'].map(pair(8)),
  // Memory optimised: 8 GiB a vCPU.
  ...['r5', 'r5b', 'r5d', 'r6g', 'r6gd', 'r6i', 'r6id', 'r6idn', 'r6in', 'r7g', 'r7gd', 'r7i', 'r8g', 'r8gd'].map(
    pair(16),
  ),
  ['x2g', 32],
]);

function pair(memory: number): (family: string) => [string, number] {
  return (family) => [family, memory];
}

/** Burstable classes do not double regularly. */
const burstable = new Map([
  ['micro', 1],
  ['small', 2],
  ['medium', 4],
  ['large', 8],
  ['xlarge', 16],
  ['2xlarge', 32],
]);

/** How many times the memory of a `large` a size has. */
const sizes = new Map([
  ['large', 1],
  ['xlarge', 2],
  ['2xlarge', 4],
  ['4xlarge', 8],
  ['8xlarge', 16],
  ['12xlarge', 24],
  ['16xlarge', 32],
  ['24xlarge', 48],
  ['32xlarge', 64],
  ['48xlarge', 96],
]);

/**
 * The memory of a database class in bytes.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 *
 * @returns undefined for a class that is not in the table
 */
export function databaseMemoryBytes(instanceClass: string): number | undefined {
  const [, family = '', size = ''] = instanceClass.split('.');
  const large = perLarge.get(family);
  const times = sizes.get(size);
  const regular = large === undefined || times === undefined ? undefined : large * times;
  const gib = family === 't3' || family === 't4g' ? burstable.get(size) : regular;
  return gib === undefined ? undefined : gib * 2 ** 30;
}

/** The families of database classes that the table knows, for messages. */
export const databaseFamilies: readonly string[] = ['t3', 't4g', ...perLarge.keys()];

/**
 * Connections that RDS for MySQL accepts by default: `{DBInstanceClassMemory/12582880}`. DBInstanceClassMemory is somewhat
 * less than the class's memory (RDS keeps a part for itself), which the margin of 20 % of those who use this covers.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function defaultMaxConnections(instanceClass: string): number | undefined {
  const bytes = databaseMemoryBytes(instanceClass);
  return bytes === undefined ? undefined : Math.floor(bytes / 12_582_880);
}
