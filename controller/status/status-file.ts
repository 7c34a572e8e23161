import * as v from 'valibot';
import { layerNames } from '../../desired-state/rendered.ts';
import { readJson } from '../read-json.ts';
import { memorySchema } from '../reconcile/read-memory.ts';
import { reasons } from './conditions.ts';
import type { SiteStatus } from './site-status.ts';

const text = v.string();
const time = v.pipe(v.string(), v.isoTimestamp());
const reason = v.picklist(reasons);

const condition = v.object({
  type: v.picklist(['Ready', 'Reconciling', 'Stalled', 'Healthy', 'Synced']),
  status: v.picklist(['True', 'False', 'Unknown']),
  reason,
  message: text,
  observedRevision: text,
  lastTransitionTime: time,
});

const layer = v.object({
  layer: v.picklist(layerNames),
  stackName: text,
  state: text,
  message: text,
  planDigest: v.exactOptional(text),
  risk: v.exactOptional(v.picklist(['safe', 'disruptive', 'destructive', 'forbidden'])),
  changes: v.array(text),
});

const blockedBy = v.object({
  gate: v.picklist(['suspended', 'limits', 'window', 'approval', 'health', 'forbidden']),
  subject: text,
  reason,
  message: text,
});

const statusSchema: v.GenericSchema<unknown, SiteStatus> = v.object({
  formatVersion: v.literal(1),
  site: text,
  writer: v.literal('reconcile'),
  conditions: v.array(condition),
  sync: v.picklist(['Synced', 'OutOfSync', 'Unknown']),
  health: v.picklist(['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown']),
  lastAttemptedRevision: v.exactOptional(text),
  lastAppliedRevision: v.exactOptional(text),
  lastFailedRevision: v.exactOptional(text),
  lastHandledReconcileAt: v.exactOptional(text),
  layers: v.array(layer),
  capacity: v.array(text),
  blockedBy: v.array(blockedBy),
  issues: v.array(v.object({ path: text, line: v.number(), column: v.number(), message: text })),
  loadBalancerDnsName: v.exactOptional(text),
  hostedZoneNameServers: v.exactOptional(v.array(text)),
  nextLookAt: v.exactOptional(time),
  history: v.array(v.object({ at: time, revision: text, reason, message: text })),
  memory: memorySchema,
  updatedAt: time,
});

/** Text of `status/<site>.json`. */
export function statusFile(status: SiteStatus): string {
  return `${JSON.stringify(status, undefined, 2)}\n`;
}

/**
 * Reads a status, of a file or of an item; undefined when it is no status of a format that is known here. Fields that are
 * not known are left out.
 */
export function parseStatusFile(json: string): SiteStatus | undefined {
  return readJson(json, statusSchema);
}
