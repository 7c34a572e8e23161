import { bastionHasAnArchitecture, bastionIsClosed, bastionIsReachable } from './access.ts';
import { architecture, bounds, launchBudget, redundancy } from './capacity.ts';
import type { Check } from './check.ts';
import { connections, databaseWindows, knownClass, parameters } from './database.ts';
import { certificate, ownHost, zoneName } from './dns.ts';
import { nameIsTheFiles, regionIsTheControllers } from './identity.ts';
import { engineGoesForward, immutable, nextcloudGoesForward, storageGrows } from './last-applied.ts';
import { roomForNodes, subnetBlocks, vpcBlock, zones } from './network.ts';
import { configurationSize } from './nextcloud.ts';
import { overrideEnds } from './reconcile.ts';

/** Every rule about fields with each other, and with what is known besides the document. */
export const allChecks: readonly Check[] = [
  nameIsTheFiles,
  regionIsTheControllers,
  vpcBlock,
  subnetBlocks,
  roomForNodes,
  zones,
  bounds,
  redundancy,
  architecture,
  launchBudget,
  knownClass,
  connections,
  parameters,
  databaseWindows,
  bastionIsClosed,
  bastionIsReachable,
  bastionHasAnArchitecture,
  certificate,
  ownHost,
  zoneName,
  configurationSize,
  overrideEnds,
  storageGrows,
  engineGoesForward,
  nextcloudGoesForward,
  ...immutable,
];
