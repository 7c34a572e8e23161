import * as v from 'valibot';
import { access } from './fields/access.ts';
import { compute, scaling } from './fields/compute.ts';
import { cache, database, storage } from './fields/data.ts';
import { dns } from './fields/dns.ts';
import { defaulted, matching, required } from './fields/field.ts';
import { lifecycle } from './fields/lifecycle.ts';
import { network } from './fields/network.ts';
import { nextcloud } from './fields/nextcloud.ts';
import { backups, maintenance, monitoring } from './fields/operations.ts';
import { reconcile } from './fields/reconcile.ts';

/** A site's name: part of stack names, so it is short, lower-case and never changes. */
export const siteName = matching(
  /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,19}$/,
  'must have 2 to 20 lower-case letters, digits and single hyphens, and start with a letter',
);

const region = matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be the name of an AWS region, such as eu-west-3');

/** The desired-state document of one site: `sites/<name>.json`. Unknown keys are errors. */
export const siteSchema = v.pipe(
  v.strictObject({
    $schema: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(1000, 'at most 1000 characters'),
        v.description('Where an editor finds the schema of this document; the controller does not read it.'),
      ),
    ),
    schemaVersion: v.pipe(v.literal(1), v.description('The version of this format. Changing it: never back.')),
    name: required(
      siteName,
      'The name of the site, the same as of its file: sites/<name>.json. It is part of the names of its stacks: another name is another site.',
      'never',
    ),
    region: required(region, 'The AWS region of the site, which must be the region of its controller.', 'never'),
    suspend: defaulted(
      v.boolean(),
      false,
      'Whether the controller leaves the site as it is: it still looks and reports, and nodes that come and go are still served.',
      'live',
    ),
    network,
    compute,
    scaling,
    database: v.optional(database, {}),
    storage: v.optional(storage, {}),
    cache: v.optional(cache, {}),
    access: v.optional(access, {}),
    dns,
    lifecycle: v.optional(lifecycle, {}),
    nextcloud,
    backups: v.optional(backups, {}),
    monitoring: v.optional(monitoring, {}),
    maintenance: v.optional(maintenance, {}),
    reconcile: v.optional(reconcile, {}),
  }),
  v.title('Nextcloud site'),
  v.description('The desired state of one highly available Nextcloud on AWS: sites/<name>.json.'),
);

/** A validated document with every default filled in. */
export type Site = v.InferOutput<typeof siteSchema>;
