import * as v from 'valibot';
import { instanceType } from './compute.ts';
import { cidrPattern, defaulted, distinct, matching, optional, section } from './field.ts';

/** The blocks that may reach the bastion. An IPv6 block is told apart, for its author meant something by it. */
const reachableFrom = v.pipe(
  v.string(),
  v.regex(cidrPattern, ({ input }) =>
    input.includes(':')
      ? 'is an IPv6 block, but the network has IPv4 only (and ::/0 would be the whole Internet): name IPv4 blocks'
      : 'must be an IPv4 block in CIDR notation, such as 203.0.113.7/32',
  ),
);

const bastion = section(
  {
    enabled: defaulted(
      v.boolean(),
      false,
      'Whether there is a bastion host. Taking one away again is a removal, which stays blocked: approvals are not acted upon yet. Session Manager and EC2 Instance Connect reach the nodes without one.',
      'window',
    ),
    instanceType: defaulted(
      instanceType,
      't4g.nano',
      'The EC2 instance type of the bastion; its image (Amazon Linux 2023) follows its architecture.',
      'window',
    ),
    allowedCidrs: defaulted(
      distinct(reachableFrom, 50),
      [],
      'The IPv4 blocks from which port 22 of the bastion is reached, /16 or narrower; never the whole Internet. At least one while the bastion is enabled, at most 50, for a security group has 60 rules.',
      'live',
    ),
    keyName: optional(
      matching(
        /^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/,
        'must be the name of an EC2 key pair: at most 255 ASCII characters',
      ),
      'none; EC2 Instance Connect and Session Manager only',
      'The EC2 key pair for bastion and nodes, which must exist in the region. It rolls the nodes and replaces the bastion.',
      'rolling',
    ),
  },
  'A host in a public subnet through which people reach the nodes by SSH.',
);

/** How people reach the nodes. */
export const access = section(
  { bastion: v.optional(bastion, {}) },
  'How people reach the nodes; nothing here is needed to serve users.',
);
