import { databaseFamilies, defaultMaxConnections } from '../database-memory.ts';
import type { Finding } from '../issue.ts';
import { windowsOverlap } from '../rds-window.ts';
import type { Site } from '../site.ts';
import type { Check } from './check.ts';

/** Connections beside those of the nodes: administration, backups, monitoring, a node that is replaced. */
const reservedConnections = 50;
/** The share of the connections that the site may use, so that scaling out never exhausts the database. */
const usableShare = 0.8;

/** The most connections that RDS for MySQL lets `max_connections` be. */
const mostConnections = 100_000;

/** Connections that the database accepts, by its parameter when the document sets it, else by its class. */
function acceptedConnections(database: Site['database']): number | undefined {
  const set = database.parameters['max_connections'];
  return set === undefined ? defaultMaxConnections(database.instanceClass) : Number(set);
}

/** The class is one whose memory is known, or else the number of its connections could not be judged. */
export const knownClass: Check = {
  reads: ['database.instanceClass'],
  run: ({ database: { instanceClass } }) => {
    if (defaultMaxConnections(instanceClass) !== undefined) return [];
    const message = `${instanceClass} is not a class whose memory is known here, so its connections can't be judged; known families: ${databaseFamilies.join(', ')}`;
    return [{ path: ['database', 'instanceClass'], message }];
  },
};

/** All nodes together stay within 80 % of what the database accepts. */
export const connections: Check = {
  reads: ['database.instanceClass', 'database.parameters', 'scaling.max', 'compute.phpFpmChildren', 'nextcloud.cron'],
  run: ({ database, scaling, compute, nextcloud }) => {
    const accepted = acceptedConnections(database);
    if (accepted === undefined || !Number.isInteger(accepted)) return [];
    const perNode = compute.phpFpmChildren + nextcloud.cron.processes;
    const needed = scaling.max * perNode + reservedConnections;
    const usable = Math.floor(accepted * usableShare);
    if (needed <= usable) return [];
    const most = Math.floor((usable - reservedConnections) / perNode);
    const advice = most >= 1 ? `at most ${most} nodes fit` : 'not even one node fits';
    const message = `${scaling.max} nodes x (${compute.phpFpmChildren} PHP-FPM children + ${nextcloud.cron.processes} cron) + ${reservedConnections} = ${needed} connections, but 80 % of the ${accepted} that ${database.instanceClass} accepts are ${usable}: ${advice}; lower scaling.max or compute.phpFpmChildren, or choose a larger database.instanceClass`;
    return [{ path: ['scaling', 'max'], message }];
  },
};

/** Parameters that the site sets itself: Nextcloud and the encryption in transit depend on them. */
const ownParameters: ReadonlySet<string> = new Set([
  'binlog_format',
  'character_set_server',
  'collation_server',
  'require_secure_transport',
  'transaction_isolation',
]);

/** The document does not set what the site sets, and `max_connections` only to a number. */
export const parameters: Check = {
  reads: ['database.parameters'],
  run: ({ database }) =>
    Object.entries(database.parameters).flatMap(([name, value]): Finding[] => {
      const path = ['database', 'parameters', name];
      if (ownParameters.has(name))
        return [{ path, at: 'key', message: `${name} is set by the site itself: Nextcloud depends on it` }];
      if (name !== 'max_connections') return [];
      const fits = /^\d{1,6}$/.test(value) && Number(value) >= 1 && Number(value) <= mostConnections;
      return fits ? [] : [{ path, message: `max_connections must be a number from 1 to ${mostConnections}` }];
    }),
};

/** RDS refuses a backup window that overlaps the maintenance window. */
export const databaseWindows: Check = {
  reads: ['database.backupWindow', 'database.maintenanceWindow'],
  run: ({ database: { backupWindow, maintenanceWindow } }) =>
    windowsOverlap(backupWindow, maintenanceWindow)
      ? [
          {
            path: ['database', 'maintenanceWindow'],
            message: `${maintenanceWindow} overlaps the daily backupWindow ${backupWindow}, which RDS refuses`,
          },
        ]
      : [],
};
