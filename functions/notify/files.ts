import { type Bucket, putText } from '../../controller/aws/objects.ts';
import { statusFileKeys } from '../../controller/aws/statuses.ts';
import { mergeStatuses } from '../../controller/status/merge.ts';
import { planPage } from '../../controller/status/plan-page.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import { statusFile } from '../../controller/status/status-file.ts';

/** Writes a site's files for people: its status, which a lost work row is rebuilt from too, and its plan. */
export async function writeFiles(bucket: Bucket, site: string, statuses: readonly SiteStatus[]): Promise<void> {
  const [first, ...others] = reconcileFirst(statuses);
  if (first === undefined) return;
  const status = mergeStatuses([first, ...others]);
  const keys = statusFileKeys(site);
  await Promise.all([
    putText(bucket, keys.status, statusFile(status), 'application/json'),
    putText(bucket, keys.plan, planPage(status), 'text/markdown; charset=utf-8'),
  ]);
}

/** What only reconcile knows, such as layers and memory, is taken from the first. */
function reconcileFirst(statuses: readonly SiteStatus[]): readonly SiteStatus[] {
  return statuses.toSorted((a, b) => Number(b.writer === 'reconcile') - Number(a.writer === 'reconcile'));
}
