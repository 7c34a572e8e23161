import * as v from 'valibot';
import { defaulted, distinct, matching, required, section, whole } from './field.ts';
import { nextcloudConfig } from './nextcloud-config.ts';

const cron = section(
  {
    intervalMinutes: defaulted(
      whole(1, 60, 'minutes'),
      5,
      'Minutes between two runs of the background jobs; they run once a site, not once a node.',
      'rolling',
    ),
    processes: defaulted(
      whole(1, 10, 'processes'),
      1,
      'Background job processes at once on the node that runs them; each may hold one database connection, and any node may be that one.',
      'rolling',
    ),
  },
  'The background jobs.',
);

/** What runs on the nodes. */
export const nextcloud = section(
  {
    version: required(
      matching(
        /^(3[3-9]|[4-9]\d)\.\d{1,2}\.\d{1,2}$/,
        'must be a version such as 35.0.1, of major 33 or later: older ones are no longer maintained',
      ),
      'The version of Nextcloud, which the image must hold. A major is never skipped, and there is no way back.',
      'forward',
    ),
    apps: defaulted(
      distinct(matching(/^[a-z][a-z0-9_]{0,63}$/, 'must be the id of an app: lower-case letters, digits and _'), 100),
      [],
      'Ids of the apps that are enabled besides those that come with Nextcloud; the image must hold them, for an app that is installed by a click lands on one node only.',
      'rolling',
    ),
    config: defaulted(
      nextcloudConfig,
      {},
      'System settings of Nextcloud, of an allow-list: what the site sets itself, secrets and what runs something are not in it.',
      'rolling',
    ),
    cron: v.optional(cron, {}),
  },
  'Nextcloud itself.',
);
