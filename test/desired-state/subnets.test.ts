import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, formatCidr, overlaps, parseCidr } from '../../desired-state/cidr.ts';
import { subnetsOf } from '../../desired-state/subnets.ts';

type Network = Parameters<typeof subnetsOf>[0];
const network = (cidr: string, more: Partial<Network> = {}): Network => ({
  cidr,
  availabilityZones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'],
  nat: 'zone',
  flowLogDays: 30,
  ssmEndpoints: false,
  ...more,
});

const parsed = (text: string) => {
  const block = parseCidr(text);
  if (block === undefined) throw new Error(`not a block: ${text}`);
  return block;
};

describe('subnetsOf', () => {
  it('derives sixteenths: public from the start, private from the middle', () => {
    expect(subnetsOf(network('10.20.0.0/16'))).toEqual({
      public: ['10.20.0.0/20', '10.20.16.0/20', '10.20.32.0/20'],
      private: ['10.20.128.0/20', '10.20.144.0/20', '10.20.160.0/20'],
    });
  });

  it('keeps what the document names and derives the rest', () => {
    const named: [string, string, string] = ['10.20.64.0/24', '10.20.65.0/24', '10.20.66.0/24'];
    expect(subnetsOf(network('10.20.0.0/16', { publicSubnets: named })).public).toEqual(named);
    expect(subnetsOf(network('10.20.0.0/16', { publicSubnets: named })).private[0]).toBe('10.20.128.0/20');
  });

  it('derives blocks inside the VPC that never overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 16, max: 23 }), (address, prefix) => {
        const text = formatCidr({ first: address, last: address, prefix });
        const vpc = parsed(text);
        const subnets = subnetsOf(network(formatCidr(vpc)));
        const all = [...subnets.public, ...subnets.private].map(parsed);
        expect(all.every((block) => contains(vpc, block))).toBe(true);
        expect(all.every((block, i) => all.slice(i + 1).every((other) => !overlaps(block, other)))).toBe(true);
      }),
    );
  });
});
