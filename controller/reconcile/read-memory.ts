import * as v from 'valibot';
import { readJson } from '../read-json.ts';
import type { SiteMemory } from './memory.ts';

const text = v.string();
const plan = { templateDigest: text, parametersDigest: text };

const layerMemory = v.object({
  stackName: text,
  applied: v.exactOptional(v.object({ ...plan, changeSetId: v.exactOptional(text) })),
  pending: v.exactOptional(v.object({ ...plan, name: text, arn: text, executedAt: v.exactOptional(v.number()) })),
  failed: v.exactOptional(
    v.object({
      ...plan,
      reason: text,
      at: v.number(),
      attempts: v.number(),
      retryAt: v.exactOptional(v.number()),
    }),
  ),
});

/** Its fields, each of its type. */
export const memorySchema: v.GenericSchema<unknown, SiteMemory> = v.object({
  formatVersion: v.literal(1),
  layers: v.object({
    network: v.exactOptional(layerMemory),
    certificate: v.exactOptional(layerMemory),
    data: v.exactOptional(layerMemory),
    web: v.exactOptional(layerMemory),
    access: v.exactOptional(layerMemory),
  }),
  lastApplied: v.exactOptional(v.object({ revision: text, versionId: text, rendererVersion: text, at: v.number() })),
  lastFailedRevision: v.exactOptional(text),
  leftovers: v.exactOptional(v.array(text)),
  lastHandledReconcileAt: v.exactOptional(text),
  transientAttempts: v.number(),
  timerAt: v.exactOptional(v.number()),
});

/** Reads the JSON text of a memory; undefined when it is none of a format that is known here. */
export function readMemory(json: string): SiteMemory | undefined {
  return readJson(json, memorySchema);
}
