import * as v from 'valibot';
import { defaulted, section, whole } from './field.ts';

const budgets = section(
  {
    bootSeconds: defaulted(
      whole(30, 7200, 'seconds'),
      600,
      'Seconds from launch until the user data of a node has ended.',
      'live',
    ),
    mountSeconds: defaulted(
      whole(10, 3600, 'seconds'),
      120,
      'Seconds from there until the mount of the shared files is sound.',
      'live',
    ),
    healthySeconds: defaulted(
      whole(10, 3600, 'seconds'),
      300,
      'Seconds from there until the load balancer finds the node healthy.',
      'live',
    ),
    drainSeconds: defaulted(
      whole(0, 3600, 'seconds'),
      900,
      'Seconds that requests have to end on a node that leaves; 3600 is the longest deregistration delay of a target group.',
      'live',
    ),
  },
  'How long each phase of a node may last. All of a launch must fit into 100 heartbeats, where Auto Scaling ends the wait.',
);

/** How long nodes are waited for. */
export const lifecycle = section(
  {
    heartbeatSeconds: defaulted(
      whole(30, 7200, 'seconds'),
      600,
      'Seconds after which Auto Scaling goes on by itself when a lifecycle hook is not answered, 30 to 7200 as Auto Scaling has it.',
      'live',
    ),
    budgets: v.optional(budgets, {}),
  },
  'How long nodes are waited for when they come and go.',
);
