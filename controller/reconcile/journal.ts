import type { Lease, WorkRow } from '../ports/work-rows.ts';
import type { SiteStatus } from '../status/site-status.ts';
import type { LookContext, LookPorts } from './look-ports.ts';
import type { SiteMemory } from './memory.ts';

/** What one look works with; `memory` is replaced as it learns, so that an error further on does not lose it. */
export interface Journal {
  readonly site: string;
  readonly context: LookContext;
  readonly ports: LookPorts;
  readonly lease: Lease;
  readonly row: WorkRow;
  memory: SiteMemory;
  /** The status before this look; undefined when there is none or it was not read yet. */
  before: SiteStatus | undefined;
}
