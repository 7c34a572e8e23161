import { describe, expect, it } from 'vitest';
import { formatCidr, isNetworkAddress, parseCidr } from '../../desired-state/cidr.ts';

describe('parseCidr', () => {
  it.each([
    ['0.0.0.0/0', 0, 2 ** 32 - 1],
    ['10.0.0.0/8', 0x0a000000, 0x0affffff],
    ['10.1.2.3/24', 0x0a010200, 0x0a0102ff],
    ['255.255.255.255/32', 0xffffffff, 0xffffffff],
    ['203.0.113.128/25', 0xcb007180, 0xcb0071ff],
  ])('%s', (text, first, last) => {
    expect(parseCidr(text)).toMatchObject({ first, last });
  });

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.256/24',
    '010.0.0.0/8',
    '10.0.0/8',
    '::/0',
    ' 10.0.0.0/8',
    '10.0.0.0/08',
  ])('refuses %j', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it('knows an address with host bits from a network address', () => {
    expect(isNetworkAddress('10.1.2.0/24')).toBe(true);
    expect(isNetworkAddress('10.1.2.3/24')).toBe(false);
    expect(formatCidr(parseCidr('192.168.255.255/20') ?? { first: 0, last: 0, prefix: 0 })).toBe('192.168.240.0/20');
  });
});
