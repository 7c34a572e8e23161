import * as v from 'valibot';
import { cidr, defaulted, logRetentionDays, matching, optional, required, section, three } from './field.ts';

const zone = matching(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'must be the name of an availability zone, such as eu-west-3a');

/** The VPC, its subnets and what leads out of it. */
export const network = section(
  {
    cidr: defaulted(
      cidr,
      '10.20.0.0/16',
      'The IPv4 block of the VPC: a private network address (RFC 1918 or 100.64.0.0/10) from /16, the largest that AWS takes, to /24, or to /23 while subnets are derived from it. Choose one that no network overlaps that is to be peered with it.',
      'never',
    ),
    availabilityZones: required(
      three(zone),
      'Exactly three different availability zones of the region; the database, the file system and the nodes spread over them.',
      'never',
    ),
    publicSubnets: optional(
      three(cidr),
      'sixteenths of the VPC, from its start',
      'The blocks of the public subnets, one a zone in the order of availabilityZones: inside the VPC, not overlapping, /16 to /27, for the load balancer needs at least a /27.',
      'never',
    ),
    privateSubnets: optional(
      three(cidr),
      'sixteenths of the VPC, from its middle',
      'The blocks of the private subnets, one a zone: inside the VPC, not overlapping, /16 to /28, with room for the largest number of nodes.',
      'never',
    ),
    nat: defaulted(
      v.picklist(['zone', 'single']),
      'zone',
      'NAT gateways: one in each zone, or a single one, which is cheaper by two gateways and cuts the way out of all zones when its zone fails. An approval is needed because gateways and their addresses are removed or replaced.',
      'approval',
    ),
    flowLogDays: defaulted(logRetentionDays, 30, 'Days that the flow logs of the VPC are kept.', 'weakening'),
    ssmEndpoints: defaulted(
      v.boolean(),
      false,
      'Whether Systems Manager is reached through interface endpoints in the VPC instead of the NAT gateways; each costs a fixed charge an hour.',
      'live',
    ),
  },
  'The network: one VPC with three public and three private subnets.',
);
