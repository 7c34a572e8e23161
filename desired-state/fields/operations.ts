import * as v from 'valibot';
import { fiveFieldCron, scheduleExpression } from '../cron.ts';
import { defaulted, logRetentionDays, optional, required, section, whole } from './field.ts';

/** What AWS Backup keeps. */
export const backups = section(
  {
    schedule: defaulted(
      scheduleExpression,
      'cron(0 6 * * ? *)',
      'When AWS Backup makes recovery points of database and files, in UTC: a cron expression of six fields, at most one an hour. Keep it more than an hour away from database.backupWindow and database.maintenanceWindow, in and around which RDS refuses the job; a job starts within an hour of its time.',
      'keeping',
    ),
    databaseDays: defaulted(
      whole(1, 3650, 'days'),
      35,
      'Days that AWS Backup keeps recovery points of the database.',
      'keeping',
    ),
  },
  'The recovery points of database and files.',
);

/** Who is told, and what is kept of the logs. */
export const monitoring = section(
  {
    alarmEmail: optional(
      v.pipe(v.string(), v.email('must be an e-mail address'), v.maxLength(254, 'at most 254 characters')),
      'nobody is told by mail',
      'The address that alarms are sent to; its owner confirms the subscription once.',
      'live',
    ),
    logDays: defaulted(
      logRetentionDays,
      30,
      'Days that the logs of the nodes are kept in CloudWatch (the values that it accepts).',
      'weakening',
    ),
  },
  'Alarms and logs.',
);

/** Whether the runtime knows a time zone by this name. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const window = section(
  {
    kind: defaulted(
      v.picklist(['allow', 'deny']),
      'allow',
      'Whether changes that interrupt are allowed or denied in this window; deny wins, and with any allow window they happen only inside one.',
      'live',
    ),
    schedule: required(
      fiveFieldCron,
      'When the window starts: a cron expression of five fields (minute, hour, day of month, month, day of week), in timeZone.',
      'live',
    ),
    durationMinutes: required(whole(15, 1440, 'minutes'), 'Minutes that the window lasts, at most a day.', 'live'),
    timeZone: defaulted(
      v.pipe(
        v.string(),
        v.regex(/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/, 'must be a time zone of the IANA database, such as Europe/Paris'),
        v.maxLength(64, 'at most 64 characters'),
        v.check(isTimeZone, 'is no time zone of the IANA database; write one such as Europe/Paris'),
      ),
      'UTC',
      'The time zone of schedule, by its name in the IANA database.',
      'live',
    ),
  },
  'A time in which changes that interrupt are allowed or denied.',
);

/** When changes that interrupt may happen. */
export const maintenance = section(
  {
    windows: defaulted(
      v.pipe(v.array(window), v.maxLength(20, 'at most 20 windows')),
      [],
      'Windows for changes that interrupt. Read and checked, but not acted upon yet: such changes stay blocked, whatever the windows.',
      'live',
    ),
  },
  'When changes that interrupt may happen.',
);
