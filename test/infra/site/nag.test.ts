import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Site } from '../../../desired-state/site.ts';
import { acknowledgements } from '../../../infra/site/acknowledgements.ts';
import { siteApp } from '../../../infra/site/render.ts';
import { siteWith } from './template.ts';

let outdir: string;
beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'nag-'));
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const sites: Readonly<Record<string, Site>> = {
  production: siteWith(),
  small: siteWith({}, 'small'),
  unprotected: siteWith({ 'database.deletionProtection': false, 'network.ssmEndpoints': true }),
};

/** Findings of the AwsSolutions pack as `<layer>/<logical id> <rule>`; without acknowledgements when told. */
function findings(site: Site, acknowledged: boolean): string[] {
  const { app } = siteApp(site, outdir);
  if (!acknowledged) {
    for (const child of app.node.findAll()) {
      for (const entry of [...child.node.metadata]) {
        if (entry.type === 'aws:cdk:acknowledged-rules') Object.assign(entry, { type: 'forgotten' });
      }
    }
  }
  return new AwsSolutionsChecks()
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(
        ({ constructPath, resourceLogicalId }) => `${constructPath ?? resourceLogicalId} ${ruleName}`,
      ),
    );
}

describe('cdk-nag AwsSolutions', () => {
  test.each(Object.entries(sites))('%s has no finding without an acknowledgement', (_, site) => {
    expect(findings(site, true)).toEqual([]);
  });

  test('every acknowledgement answers a finding, and says why in a sentence', () => {
    const found = new Set(Object.values(sites).flatMap((site) => findings(site, false)));
    expect(found.size).toBeGreaterThan(10);
    for (const { layer, resources, rule, reason } of acknowledgements) {
      for (const id of resources) expect(found).toContain(`${layer}/${id} ${rule}`);
      expect(reason).toMatch(/^[A-Z].{20,}\.$/);
    }
  });
});
