import { type Bucket, putText } from '../../controller/aws/objects.ts';
import { statusFileKeys } from '../../controller/aws/statuses.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import { planPage } from './plan-page.ts';

/** Writes a site's files for people: its status, which a lost work row is rebuilt from too, and its plan. */
export async function writeFiles(bucket: Bucket, site: string, statuses: readonly SiteStatus[]): Promise<void> {
  const status = statuses.find(({ writer }) => writer === 'reconcile');
  if (status === undefined) return;
  const keys = statusFileKeys(site);
  await Promise.all([
    putText(bucket, keys.status, `${JSON.stringify(status, null, 2)}\n`, 'application/json'),
    putText(bucket, keys.plan, planPage(status), 'text/markdown; charset=utf-8'),
  ]);
}
