import { formatCidr, parseCidr, slice } from './cidr.ts';
import type { Site } from './site.ts';

/** The CIDR blocks of a site's subnets, in the order of its availability zones. */
export interface Subnets {
  readonly public: [string, string, string];
  readonly private: [string, string, string];
}

/** How many bits longer a derived subnet's prefix is than the VPC's: sixteen blocks, of which six are used. */
export const derivedSubnetBits = 4;

/**
 * The subnets of a site: those that the document names, and what it leaves out derived from the VPC's block, the way the
 * VPC console does it: sixteenths, the public ones from the start, the private ones from the middle. So 10.20.0.0/16 gives
 * 10.20.0.0/20, 10.20.16.0/20, 10.20.32.0/20 and 10.20.128.0/20, 10.20.144.0/20, 10.20.160.0/20; the rest stays free.
 *
 * The result depends on nothing else: a subnet never moves while the document's network stays as it is.
 *
 * @param network of a document that passed `parseSite`
 * @throws Error when network.cidr is no IPv4 block, which `parseSite` refuses
 */
export function subnetsOf(network: Site['network']): Subnets {
  const vpc = parseCidr(network.cidr);
  if (vpc === undefined) throw new Error(`network.cidr is no IPv4 block: ${network.cidr}`);
  const derived = (index: number): string => formatCidr(slice(vpc, vpc.prefix + derivedSubnetBits, index));
  return {
    public: network.publicSubnets ?? [derived(0), derived(1), derived(2)],
    private: network.privateSubnets ?? [derived(8), derived(9), derived(10)],
  };
}
