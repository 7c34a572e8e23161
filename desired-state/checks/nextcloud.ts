import type { Check } from './check.ts';

/**
 * A node reads apps and settings from an SSM parameter with other things of its own, and a parameter holds 8 kB at most.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
const mostBytes = 5000;

/** Apps and settings fit into the parameter from which a node reads them. */
export const configurationSize: Check = {
  reads: ['nextcloud.apps', 'nextcloud.config'],
  run: ({ nextcloud: { apps, config } }) => {
    const bytes = new TextEncoder().encode(JSON.stringify({ apps, config })).byteLength;
    if (bytes <= mostBytes) return [];
    const message = `apps and config have ${bytes} bytes together: at most ${mostBytes} fit into the SSM parameter from which a node reads them`;
    return [{ path: ['nextcloud', 'config'], message }];
  },
};
