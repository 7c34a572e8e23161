import * as v from 'valibot';
import { dailyWindow, weeklyWindow } from '../rds-window.ts';
import { defaulted, matching, section, whole } from './field.ts';

/** MySQL's own databases are taken: RDS would refuse the create after minutes. */
const databaseName = /^(?!(?:mysql|sys|information_schema|performance_schema)$)[a-z][a-z0-9_]{0,63}$/;

const parameters = v.pipe(
  v.record(
    matching(/^[a-z][a-z0-9_.-]{0,254}$/, 'must be the name of a parameter of MySQL, in lower case'),
    v.pipe(v.string(), v.nonEmpty('must not be empty'), v.maxLength(1024, 'at most 1024 characters')),
  ),
  v.maxEntries(50, 'at most 50 parameters'),
);

/** The database: RDS for MySQL. */
export const database = section(
  {
    engineVersion: defaulted(
      matching(/^8\.4\.\d{1,3}$/, 'must be a version 8.4.x of RDS for MySQL: Nextcloud 33 to 35 all support 8.4'),
      '8.4.6',
      'The version of MySQL: 8.4.x.',
      'forward',
    ),
    instanceClass: defaulted(
      matching(/^db\.[a-z0-9-]{2,20}\.[a-z0-9-]{2,20}$/, 'must be a class of RDS, such as db.m7g.large'),
      'db.m7g.large',
      'The class of the database instance; its memory decides how many connections it accepts (memory in bytes / 12582880), and so how many nodes there may be.',
      'window',
    ),
    storageGib: defaulted(
      whole(20, 65536, 'GiB'),
      100,
      'Allocated storage in GiB, 20 to 65536 as gp3 has it; a step is at least 10 %, for RDS rounds up to that.',
      'growing',
    ),
    multiAz: defaulted(
      v.boolean(),
      true,
      'Whether a standby in another zone takes over when the database fails. It needs scaling.min and cache.nodes of at least 2: a standby does not help while something else is there only once.',
      'protecting',
    ),
    backupDays: defaulted(
      whole(1, 35, 'days'),
      14,
      'Days of automated backups, to restore any moment of them; 35 is the most that RDS keeps, and 0 would turn them off.',
      'weakening',
    ),
    backupWindow: defaulted(
      dailyWindow,
      '02:00-03:00',
      'When the automated backup starts, daily, UTC, at least 30 minutes; must not overlap maintenanceWindow.',
      'live',
    ),
    maintenanceWindow: defaulted(
      weeklyWindow,
      'sun:03:30-sun:04:30',
      'When RDS itself may apply patches, weekly, UTC, at least 30 minutes.',
      'live',
    ),
    deletionProtection: defaulted(v.boolean(), true, 'Whether RDS refuses to delete the database.', 'protecting'),
    name: defaulted(
      matching(
        databaseName,
        "must start with a letter and hold lower-case letters, digits and _ only, at most 64, and be none of MySQL's own",
      ),
      'nextcloud',
      'The name of the database inside MySQL.',
      'never',
    ),
    parameters: defaulted(
      parameters,
      {},
      'Parameters of MySQL besides those that the site sets itself, each value a text: {"max_connections": "800"}. What MySQL takes only at its start waits for the next restart.',
      'live',
    ),
  },
  'The database: RDS for MySQL, encrypted, in the private subnets.',
);

/** The shared file system: EFS. */
export const storage = section(
  {
    throughputMode: defaulted(
      v.picklist(['elastic', 'bursting']),
      'elastic',
      'How EFS charges and limits throughput: by use, or by credits that grow with what is stored. EFS allows one change a day.',
      'live',
    ),
    lifecycleDays: defaulted(
      v.picklist([0, 1, 7, 14, 30, 60, 90, 180, 270, 365]),
      30,
      'Days without access after which a file moves to infrequent-access storage (the values that EFS accepts); 0: never.',
      'live',
    ),
    backupDays: defaulted(
      whole(1, 3650, 'days'),
      35,
      'Days that AWS Backup keeps recovery points of the file system.',
      'keeping',
    ),
  },
  'The shared files: EFS, encrypted, with a mount target in each zone.',
);

/** The cache: sessions, locks and the distributed cache. */
export const cache = section(
  {
    nodeType: defaulted(
      matching(
        /^cache\.[a-z0-9]{2,10}\.[a-z0-9]{2,10}$/,
        'must be a node type of ElastiCache, such as cache.t4g.small',
      ),
      'cache.t4g.small',
      'The node type of the cache.',
      'window',
    ),
    nodes: defaulted(
      whole(1, 6, 'nodes'),
      2,
      'Nodes of the cache: a primary and up to 5 replicas, the most that ElastiCache has without cluster mode. At least 2 for a failover, and while database.multiAz is on.',
      'live',
    ),
  },
  'The cache: Valkey with encryption in transit and a password, cluster mode off.',
);
