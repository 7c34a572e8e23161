import { type Cidr, contains, formatCidr, isNetworkAddress, overlaps, parseCidr } from '../cidr.ts';
import type { Finding, Path } from '../issue.ts';
import type { Site } from '../site.ts';
import { derivedSubnetBits, type Subnets, subnetsOf } from '../subnets.ts';
import type { Check } from './check.ts';

/** RFC 1918, and the shared address space of RFC 6598: a public block would hide the Internet's addresses of that block. */
const privateBlocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const vpcPrefix = { shortest: 16, longest: 24 };

/**
 * A load balancer needs a /27 with 8 free addresses in each zone:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
 */
const publicPrefixLongest = 27;
/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const privatePrefixLongest = 28;
/** AWS keeps five of each subnet; database, cache, mount target, endpoints and a replacement in progress take the others. */
const takenInSubnet = 5 + 8;

const hostBits = (text: string): string => `${text} has host bits set: the network address is ${networkAddress(text)}`;

function networkAddress(text: string): string {
  const block = parseCidr(text);
  return block === undefined ? text : formatCidr(block);
}

/** The VPC's block is a network address, private, and of a size that AWS takes and six subnets fit into. */
export const vpcBlock: Check = {
  reads: ['network.cidr', 'network.publicSubnets', 'network.privateSubnets'],
  run: ({ network }) => {
    const block = parseCidr(network.cidr);
    if (block === undefined) return [];
    const derived = network.publicSubnets === undefined || network.privateSubnets === undefined;
    const longest = derived ? publicPrefixLongest - derivedSubnetBits : vpcPrefix.longest;
    const messages: string[] = [];
    if (!isNetworkAddress(network.cidr)) messages.push(hostBits(network.cidr));
    if (block.prefix < vpcPrefix.shortest || block.prefix > longest) {
      const reason = derived
        ? ' while subnets are derived from it, for the load balancer needs at least a /27 in each zone'
        : '';
      messages.push(
        `/${block.prefix} is no size for the VPC: it must be /${vpcPrefix.shortest} to /${longest}${reason}`,
      );
    }
    if (!privateBlocks.some((text) => insideOf(text, block))) {
      messages.push(`${network.cidr} is not private: choose a block of ${privateBlocks.join(', ')}`);
    }
    return messages.map((message) => ({ path: ['network', 'cidr'], message }));
  },
};

function insideOf(text: string, block: Cidr): boolean {
  const outer = parseCidr(text);
  return outer !== undefined && contains(outer, block);
}

interface Subnet {
  readonly path: Path;
  readonly label: string;
  readonly text: string;
  readonly block: Cidr;
  readonly named: boolean;
}

function subnetsIn(network: Site['network']): Subnet[] {
  const all = subnetsOf(network);
  const one = (key: 'publicSubnets' | 'privateSubnets', texts: Subnets['public']): Subnet[] =>
    texts.flatMap((text, index) => {
      const block = parseCidr(text);
      const label = `${key}[${index}]`;
      return block === undefined
        ? []
        : [{ path: ['network', key, index], label, text, block, named: network[key] !== undefined }];
    });
  return [...one('publicSubnets', all.public), ...one('privateSubnets', all.private)];
}

/** Subnets that the document names are network addresses inside the VPC, of a size that works, and none overlaps another. */
export const subnetBlocks: Check = {
  reads: ['network.cidr', 'network.publicSubnets', 'network.privateSubnets'],
  run: ({ network }) => {
    const vpc = parseCidr(network.cidr);
    if (vpc === undefined || (network.publicSubnets === undefined && network.privateSubnets === undefined)) return [];
    const subnets = subnetsIn(network);
    return subnets.flatMap((subnet, index) =>
      subnet.named ? [...ownFindings(subnet, vpc, network.cidr), ...overlapFindings(subnet, subnets, index)] : [],
    );
  },
};

function ownFindings({ path, text, block }: Subnet, vpc: Cidr, vpcText: string): Finding[] {
  const longest = path[1] === 'publicSubnets' ? publicPrefixLongest : privatePrefixLongest;
  const messages: string[] = [];
  if (!isNetworkAddress(text)) messages.push(hostBits(text));
  if (block.prefix < vpcPrefix.shortest || block.prefix > longest) {
    messages.push(`/${block.prefix} is no size for this subnet: it must be /${vpcPrefix.shortest} to /${longest}`);
  }
  if (!contains(vpc, block)) messages.push(`${text} is not inside the VPC, which is ${vpcText}`);
  return messages.map((message) => ({ path, message }));
}

/** A pair is reported once: at the later of two that the document names, else at the one that it names. */
function overlapFindings(subnet: Subnet, all: readonly Subnet[], index: number): Finding[] {
  return all
    .filter(
      (other, otherIndex) =>
        otherIndex !== index && (otherIndex < index || !other.named) && overlaps(subnet.block, other.block),
    )
    .map((other) => ({
      path: subnet.path,
      message: `${subnet.text} overlaps ${other.label}, which is ${other.text}${other.named ? '' : ' (derived from the VPC)'}`,
    }));
}

/** All nodes must find an address while one zone is out: the two smallest private subnets have room for them. */
export const roomForNodes: Check = {
  reads: ['network.cidr', 'network.publicSubnets', 'network.privateSubnets', 'scaling.max'],
  run: ({ network, scaling }) => {
    if (parseCidr(network.cidr) === undefined) return [];
    const rooms = subnetsOf(network)
      .private.map((text) => roomOf(text))
      .toSorted((one, other) => one - other);
    const room = (rooms[0] ?? 0) + (rooms[1] ?? 0);
    if (scaling.max <= room) return [];
    const message = `${scaling.max} nodes do not fit into the private subnets while one zone is out: there is room for ${room} (AWS and the other services take ${takenInSubnet} addresses of each subnet); lower max, or give larger private subnets to a new site`;
    return [{ path: ['scaling', 'max'], message }];
  },
};

function roomOf(text: string): number {
  const block = parseCidr(text);
  return block === undefined ? 0 : Math.max(0, block.last - block.first + 1 - takenInSubnet);
}

/** Three different zones of the site's region; a subnet lies in exactly one. */
export const zones: Check = {
  reads: ['region', 'network.availabilityZones'],
  run: ({ region, network }) =>
    network.availabilityZones.flatMap((zone, index, all): Finding[] => {
      const path = ['network', 'availabilityZones', index];
      if (zone.slice(0, -1) !== region) {
        return [
          {
            path,
            message: `${zone} is not a zone of ${region}: its zones are called ${region}a, ${region}b and so on`,
          },
        ];
      }
      if (all.indexOf(zone) === index) return [];
      return [{ path, message: `${zone} stands here twice: three different zones keep the site up when one fails` }];
    }),
};
