import * as v from 'valibot';
import { layerNames } from '../rendered.ts';
import { defaulted, distinct, matching, required, section, whole } from './field.ts';

const override = section(
  {
    gates: required(
      v.pipe(
        v.array(v.picklist(['window', 'health'])),
        v.nonEmpty('must name a gate: "window", "health"'),
        v.checkItems((gate, index, all) => all.indexOf(gate) === index, 'stands in the list twice'),
      ),
      'The gates that are passed: window (changes that interrupt, outside of a maintenance window), health (on an unhealthy site).',
      'live',
    ),
    until: required(
      v.pipe(
        v.string(),
        v.isoTimestamp('must be a moment with date, time and zone, such as 2026-12-24T18:00:00Z'),
        v.check((text) => !Number.isNaN(Date.parse(text)), 'is no moment of the calendar'),
      ),
      'When it ends: at most 7 days ahead, so that a forgotten override closes by itself; later it has no effect.',
      'live',
    ),
    reason: required(
      v.pipe(
        v.string(),
        v.minLength(10, 'must say why, in at least 10 characters'),
        v.maxLength(500, 'at most 500 characters'),
      ),
      'Why, for those who read the history.',
      'live',
    ),
  },
  'Breaks the glass: passes gates for a time. Approvals and what is forbidden are never overridden. Read and checked, but not acted upon yet: it passes nothing.',
);

/** How the controller treats the site. */
export const reconcile = section(
  {
    drift: defaulted(
      v.picklist(['enabled', 'warn', 'disabled']),
      'warn',
      'What happens when reality differs from what was applied: it is healed through the same gates as a commit, only reported, or not looked for.',
      'live',
    ),
    ignore: defaulted(
      distinct(
        matching(
          new RegExp(`^(${layerNames.join('|')})/[A-Za-z0-9]{1,255}/[A-Za-z0-9./*-]{1,500}$`),
          'must be <layer>/<logical id>/<property path>, such as network/BastionSecurityGroup/SecurityGroupIngress',
        ),
        100,
      ),
      [],
      'Drift that is left as it is, each as <layer>/<logical id>/<property path>.',
      'live',
    ),
    intervalMinutes: defaulted(
      whole(5, 1440, 'minutes'),
      60,
      'Minutes after which the site is looked at when nothing calls.',
      'live',
    ),
    approve: defaulted(
      distinct(
        matching(/^[0-9a-f]{64}$/, 'must be the digest of a plan: 64 hexadecimal digits, as status shows it'),
        50,
      ),
      [],
      'Digests of plans that a person approves; each is good once. Read and checked, but not acted upon yet: what needs an approval stays blocked.',
      'live',
    ),
    override: v.optional(override),
  },
  'How the controller treats the site.',
);
