import { describe, expect, it } from 'vitest';
import type { ChangeDetail, ResourceChange } from '../../../controller/ports/stacks.ts';
import { describeCall, describeChange } from '../../../controller/status/describe-change.ts';
import { announcementsOf, eventsOf, withoutRepeats } from '../../../controller/status/notification.ts';
import { planPage } from '../../../controller/status/plan-page.ts';
import { condition, statusOf } from './status-of-test.ts';

const change = (details: readonly ChangeDetail[], more: Partial<ResourceChange> = {}): ResourceChange => ({
  action: 'Modify',
  logicalId: 'Thing',
  resourceType: 'AWS::Logs::LogGroup',
  replacement: 'False',
  scope: ['Properties'],
  details,
  ...more,
});

describe('describeChange', () => {
  it('says what becomes of each property, in one line', () => {
    const details = [{ attribute: 'Properties', name: 'RetentionInDays', beforeValue: '30', afterValue: '60' }];
    expect(describeChange(change(details))).toBe('Modify Thing (AWS::Logs::LogGroup): RetentionInDays 30 → 60');
  });

  it('says what replaces and what deletes', () => {
    const replaced = change([{ attribute: 'Properties', name: 'KmsKeyId' }], {
      replacement: 'True',
      policyAction: 'ReplaceAndDelete',
    });
    expect(describeChange(replaced)).toBe(
      'Modify Thing (AWS::Logs::LogGroup): KmsKeyId, replaces it, then ReplaceAndDelete',
    );
  });

  it.each(['MasterUserPassword', 'AuthToken', 'SecretString', 'UserData'])('never shows a value of %s', (name) => {
    const details = [{ attribute: 'Properties', name, beforeValue: 'hunter1', afterValue: 'hunter2' }];
    expect(describeChange(change(details))).not.toContain('hunter');
  });

  it('keeps long values and line breaks out', () => {
    const details = [{ attribute: 'Properties', name: 'Body', beforeValue: 'a\nb', afterValue: 'x'.repeat(500) }];
    const line = describeChange(change(details));
    expect(line).not.toContain('\n');
    expect(line.length).toBeLessThan(160);
  });
});

describe('describeCall', () => {
  it.each([
    [{ kind: 'set-bounds', groupName: 'g', from: { min: 2, max: 6 }, to: { min: 2, max: 8 } }, 'bounds 2..6 → 2..8'],
    [{ kind: 'put-cpu-policy', groupName: 'g', targetPercent: 50 }, 'target CPU 50 %'],
    [{ kind: 'put-cpu-policy', groupName: 'g', fromPercent: 50, targetPercent: 60 }, 'target CPU 50 % → 60 %'],
  ] as const)('%j', (call, line) => expect(describeCall(call)).toBe(line));
});

describe('planPage', () => {
  const layer = {
    layer: 'web',
    stackName: 'nextcloud-site-prod-web',
    state: 'blocked',
    message: 'logs would be deleted',
    planDigest: 'd1'.repeat(32),
    risk: 'destructive',
    changes: ['Modify Logs (AWS::Logs::LogGroup): RetentionInDays 60 → 30'],
  } as const;

  it('names what blocks, what would change, and the digest to approve', () => {
    const blockedBy = [
      { gate: 'approval', subject: 'web', reason: 'AwaitingApproval', message: 'destructive' },
    ] as const;
    const page = planPage(statusOf({ layers: [layer], blockedBy }));
    expect(page).toContain('# Site prod');
    expect(page).toContain('- **approval** holds web (AwaitingApproval): destructive');
    expect(page).toContain(`    ${layer.planDigest}`);
    expect(page).toContain('- Modify Logs (AWS::Logs::LogGroup): RetentionInDays 60 → 30');
  });

  it('names every issue with its place', () => {
    const issues = [{ path: '$.scaling.max', line: 12, column: 5, message: 'must be a whole number' }];
    expect(planPage(statusOf({ issues }))).toContain('- line 12, column 5, `$.scaling.max`: must be a whole number');
  });

  it('shows what came from outside as text, never as markup', () => {
    const message = '<script>alert(1)</script>\n# [click](https://evil.example) | `x`';
    const page = planPage(
      statusOf({
        conditions: [condition('Ready', { message })],
        issues: [{ path: 'a`b', line: 1, column: 1, message }],
      }),
    );
    expect(page).not.toMatch(/[^\\]<script/);
    expect(page).not.toMatch(/^# \[/m);
    expect(page).not.toContain('[click](');
  });
});

describe('eventsOf', () => {
  const before = statusOf();
  const changed = (type: 'Ready' | 'Healthy' | 'Synced' | 'Stalled', more: Parameters<typeof condition>[1]) =>
    statusOf({ conditions: [...before.conditions.filter((one) => one.type !== type), condition(type, more)] });

  it('is nothing when nothing changed, nor for what only takes its course', () => {
    expect(eventsOf(before, before)).toEqual([]);
    expect(eventsOf(before, changed('Synced', { status: 'False', reason: 'Progressing' }))).toEqual([]);
    expect(eventsOf(before, changed('Synced', { message: 'in other words' }))).toEqual([]);
  });

  it('tells what became wrong as an error, and what is well again as information', () => {
    const sick = changed('Healthy', {
      status: 'False',
      reason: 'HealthCheckFailed',
      message: '1 of 2 targets healthy',
    });
    expect(eventsOf(before, sick)).toEqual([
      {
        involvedObject: { kind: 'Site', name: 'prod' },
        severity: 'error',
        timestamp: '2026-11-25T06:00:00.000Z',
        message: '1 of 2 targets healthy',
        reason: 'HealthCheckFailed',
        metadata: { revision: 'commit-1', condition: 'Healthy' },
        reportingController: 'nextcloud-gitops',
      },
    ]);
    expect(eventsOf(sick, before)).toMatchObject([{ severity: 'info', reason: 'Succeeded' }]);
  });

  it('tells of an applied revision, and of the same thing once', () => {
    const stalled = { status: 'False', reason: 'ForbiddenChange', message: 'never' } as const;
    const after = statusOf({
      lastAppliedRevision: 'commit-2',
      conditions: [
        condition('Ready', stalled),
        condition('Synced', stalled),
        condition('Stalled', { ...stalled, status: 'True' }),
      ],
    });
    expect(eventsOf(before, after).map(({ reason }) => reason)).toEqual(['Succeeded', 'ForbiddenChange']);
  });

  it('is published with what subscriptions filter by', () => {
    const sick = changed('Healthy', { status: 'False', reason: 'HealthCheckFailed' });
    const [announcement] = announcementsOf(before, sick);
    expect(announcement).toMatchObject({
      subject: 'prod: HealthCheckFailed',
      attributes: { site: 'prod', severity: 'error', reason: 'HealthCheckFailed', condition: 'Healthy' },
    });
    expect(JSON.parse(announcement?.body ?? '')).toEqual(eventsOf(before, sick)[0]);
  });

  it('tells the same at most once in five minutes', () => {
    const sick = (minute: number) =>
      eventsOf(
        before,
        changed('Healthy', {
          status: 'False',
          reason: 'HealthCheckFailed',
          lastTransitionTime: `2026-11-25T06:0${minute}:00.000Z`,
        }),
      );
    const first = withoutRepeats(sick(0), {});
    expect(first.fresh).toHaveLength(1);
    const second = withoutRepeats(sick(4), first.sent);
    expect(second.fresh).toEqual([]);
    expect(withoutRepeats(sick(5), second.sent).fresh).toHaveLength(1);
  });
});
