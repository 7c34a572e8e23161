import { architectureOf } from '../architecture.ts';
import { isNetworkAddress, parseCidr } from '../cidr.ts';
import type { Finding } from '../issue.ts';
import type { Check } from './check.ts';

/**
 * The widest block from which the bastion may be reached: a /16, what a large organisation owns. A few wider ones (0.0.0.0/1
 * and 128.0.0.0/1) would be the whole Internet again.
 */
const widestPrefix = 16;

/** Port 22 of the bastion is never open to the Internet, nor to a large part of it. */
export const bastionIsClosed: Check = {
  reads: ['access.bastion'],
  run: ({ access: { bastion } }) =>
    bastion.allowedCidrs.flatMap((text, index): Finding[] => {
      const path = ['access', 'bastion', 'allowedCidrs', index];
      const block = parseCidr(text);
      if (block === undefined) return [];
      if (block.prefix === 0) {
        return [{ path, message: `${text} is the whole Internet: name the addresses from which people work` }];
      }
      if (block.prefix < widestPrefix) {
        const message = `${text} is too wide: at most a /${widestPrefix}, for a few such blocks make up the whole Internet; name the addresses from which people work`;
        return [{ path, message }];
      }
      if (!isNetworkAddress(text))
        return [{ path, message: `${text} has host bits set: write the network address, or /32 for one host` }];
      return [];
    }),
};

/** A bastion that nobody may reach costs money and serves nobody. */
export const bastionIsReachable: Check = {
  reads: ['access.bastion'],
  run: ({ access: { bastion } }) =>
    bastion.enabled && bastion.allowedCidrs.length === 0
      ? [
          {
            path: ['access', 'bastion', 'allowedCidrs'],
            message: 'the bastion is enabled, but nobody may reach it: name at least one block, or disable it',
          },
        ]
      : [],
};

/** The bastion's image follows the architecture of its type, so the type must tell it. */
export const bastionHasAnArchitecture: Check = {
  reads: ['access.bastion'],
  run: ({ access: { bastion } }) =>
    architectureOf(bastion.instanceType) === undefined
      ? [{ path: ['access', 'bastion', 'instanceType'], message: `${bastion.instanceType} is no instance type of EC2` }]
      : [],
};
