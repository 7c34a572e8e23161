import * as v from 'valibot';

/** A site's name: part of stack names, so it is short, lower-case and never changes. */
export const siteName = v.pipe(v.string(), v.regex(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,19}$/));

const cidr = v.pipe(v.string(), v.regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/));
const three = <T extends v.GenericSchema>(item: T) => v.tuple([item, item, item]);
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const scalar = v.union([v.string(), v.number(), v.boolean()]);

const network = v.strictObject({
  cidr: v.optional(cidr, '10.20.0.0/16'),
  availabilityZones: three(v.pipe(v.string(), v.regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/))),
  /** Absent: derived from cidr by `subnetsOf`. */
  publicSubnets: v.optional(three(cidr)),
  privateSubnets: v.optional(three(cidr)),
  nat: v.optional(v.picklist(['zone', 'single']), 'zone'),
  flowLogDays: v.optional(whole(1, 3653), 30),
  ssmEndpoints: v.optional(v.boolean(), false),
});

const compute = v.strictObject({
  /** An AMI id, or the name of an SSM parameter that holds one. */
  image: v.pipe(v.string(), v.regex(/^(ami-[0-9a-f]{8,17}|\/[\w./-]{1,1000})$/)),
  architecture: v.optional(v.picklist(['arm64', 'x86_64']), 'arm64'),
  instanceType: v.optional(v.string(), 'm7g.large'),
  rootVolumeGib: v.optional(whole(8, 1000), 40),
  phpFpmChildren: v.optional(whole(1, 1000), 50),
});

const scaling = v.strictObject({
  min: whole(1, 100),
  max: whole(1, 100),
  targetCpuPercent: v.optional(whole(10, 90), 50),
});

const database = v.strictObject({
  engineVersion: v.optional(v.string(), '8.4.6'),
  instanceClass: v.optional(v.string(), 'db.m7g.large'),
  storageGib: v.optional(whole(20, 65536), 100),
  multiAz: v.optional(v.boolean(), true),
  backupDays: v.optional(whole(1, 35), 14),
  backupWindow: v.optional(v.string(), '02:00-03:00'),
  maintenanceWindow: v.optional(v.string(), 'sun:03:30-sun:04:30'),
  deletionProtection: v.optional(v.boolean(), true),
  name: v.optional(v.string(), 'nextcloud'),
  parameters: v.optional(v.record(v.string(), v.string()), {}),
});

const storage = v.strictObject({
  throughputMode: v.optional(v.picklist(['elastic', 'bursting']), 'elastic'),
  lifecycleDays: v.optional(v.picklist([0, 1, 7, 14, 30, 60, 90, 180, 270, 365]), 30),
  backupDays: v.optional(whole(1, 3650), 35),
});

const cache = v.strictObject({
  nodeType: v.optional(v.string(), 'cache.t4g.small'),
  nodes: v.optional(whole(1, 6), 2),
});

const bastion = v.strictObject({
  enabled: v.optional(v.boolean(), false),
  instanceType: v.optional(v.string(), 't4g.nano'),
  allowedCidrs: v.optional(v.array(v.string()), []),
  /** EC2 key pair for bastion and nodes; absent: EC2 Instance Connect and Session Manager only. */
  keyName: v.optional(v.string()),
});

const dns = v.strictObject({
  host: v.string(),
  /** `create`, `none`, or the id of a hosted zone. */
  hostedZone: v.optional(v.pipe(v.string(), v.regex(/^(create|none|Z[A-Z0-9]{1,31})$/)), 'none'),
  /** Only with `create`: the zone's domain; absent: the host itself. */
  zoneName: v.optional(v.string()),
  /** `automatic` (needs a zone), or the ARN of an issued certificate. */
  certificate: v.optional(v.string(), 'automatic'),
});

const lifecycle = v.strictObject({
  heartbeatSeconds: v.optional(whole(30, 7200), 600),
  budgets: v.optional(
    v.strictObject({
      bootSeconds: v.optional(whole(30, 7200), 600),
      mountSeconds: v.optional(whole(10, 3600), 120),
      healthySeconds: v.optional(whole(10, 3600), 300),
      drainSeconds: v.optional(whole(0, 7200), 900),
    }),
    {},
  ),
});

const nextcloud = v.strictObject({
  version: v.string(),
  apps: v.optional(v.array(v.string()), []),
  config: v.optional(v.record(v.string(), scalar), {}),
  cron: v.optional(
    v.strictObject({
      intervalMinutes: v.optional(whole(1, 60), 5),
      processes: v.optional(whole(1, 10), 1),
    }),
    {},
  ),
});

const backups = v.strictObject({
  schedule: v.optional(v.string(), 'cron(0 3 * * ? *)'),
  databaseDays: v.optional(whole(1, 3650), 35),
});

const monitoring = v.strictObject({
  alarmEmail: v.optional(v.pipe(v.string(), v.email())),
  logDays: v.optional(whole(1, 3653), 30),
});

const window = v.strictObject({
  kind: v.optional(v.picklist(['allow', 'deny']), 'allow'),
  /** Five-field cron: the window's start. */
  schedule: v.string(),
  durationMinutes: whole(15, 1440),
  timeZone: v.optional(v.string(), 'UTC'),
});

const maintenance = v.strictObject({ windows: v.optional(v.array(window), []) });

const reconcile = v.strictObject({
  drift: v.optional(v.picklist(['enabled', 'warn', 'disabled']), 'warn'),
  /** Each `<layer>/<logical id>/<property path>`. */
  ignore: v.optional(v.array(v.string()), []),
  intervalMinutes: v.optional(whole(5, 1440), 60),
  /** Plan digests that a person approves. */
  approve: v.optional(v.array(v.string()), []),
  override: v.optional(
    v.strictObject({
      gates: v.array(v.picklist(['window', 'health'])),
      until: v.pipe(v.string(), v.isoTimestamp()),
      reason: v.pipe(v.string(), v.minLength(10)),
    }),
  ),
});

/** The desired-state document of one site: `sites/<name>.json`. Unknown keys are errors. */
export const siteSchema = v.strictObject({
  $schema: v.optional(v.string()),
  schemaVersion: v.literal(1),
  name: siteName,
  region: v.string(),
  suspend: v.optional(v.boolean(), false),
  network,
  compute,
  scaling,
  database: v.optional(database, {}),
  storage: v.optional(storage, {}),
  cache: v.optional(cache, {}),
  access: v.optional(v.strictObject({ bastion: v.optional(bastion, {}) }), {}),
  dns,
  lifecycle: v.optional(lifecycle, {}),
  nextcloud,
  backups: v.optional(backups, {}),
  monitoring: v.optional(monitoring, {}),
  maintenance: v.optional(maintenance, {}),
  reconcile: v.optional(reconcile, {}),
});

/** A validated document with every default filled in. */
export type Site = v.InferOutput<typeof siteSchema>;
