import type { Findings, StatusFacts } from '../status/compose.ts';
import type { Journal } from './journal.ts';
import type { SiteMemory } from './memory.ts';
import type { Step } from './steps.ts';

/** What a look has to say at its end. */
export interface Report {
  readonly revision: string;
  readonly findings: Findings;
  readonly facts: StatusFacts;
  readonly steps: readonly Step[];
  readonly dueAt: number | undefined;
}

/** A manual request is handled once, by the look that saw it. */
export function handled({ memory, row }: Journal): SiteMemory {
  const done = { ...memory, transientAttempts: 0 };
  return row.requestedAt === undefined ? done : { ...done, lastHandledReconcileAt: row.requestedAt };
}
