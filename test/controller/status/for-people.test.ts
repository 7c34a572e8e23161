import { describe, expect, it } from 'vitest';
import type { ChangeDetail, ResourceChange } from '../../../controller/ports/stacks.ts';
import { describeCall, describeChange } from '../../../controller/status/describe-change.ts';
import { waitingWords } from '../../../controller/status/missing-inputs.ts';
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

describe('a long value that changes', () => {
  const rules = (days: number) =>
    JSON.stringify({
      Rules: [{ Id: 'a-rule-with-a-long-name-of-its-own', Status: 'Enabled', ExpirationInDays: days }],
    });

  it('is shown where it changes', () => {
    const details = [
      { attribute: 'Properties', name: 'LifecycleConfiguration', beforeValue: rules(90), afterValue: rules(30) },
    ];
    expect(describeChange(change(details))).toBe(
      'Modify Thing (AWS::Logs::LogGroup): LifecycleConfiguration …:"Enabled","ExpirationInDays":90}]} → …:"Enabled","ExpirationInDays":30}]}',
    );
  });

  it.each(['UserData', 'Password', 'SecretString'])('is not shown when a part of it is %s', (part) => {
    const value = (text: string) => JSON.stringify({ ImageId: 'ami-1', [part]: text });
    const details = [
      {
        attribute: 'Properties',
        name: 'LaunchTemplateData',
        beforeValue: value('hunter1'),
        afterValue: value('hunter2'),
      },
    ];
    expect(describeChange(change(details))).toBe('Modify Thing (AWS::Logs::LogGroup): LaunchTemplateData');
  });
});

describe('waitingWords', () => {
  it('counts the outputs of a layer when they are many', () => {
    const outputs = ['VpcId', 'PublicSubnet1Id', 'PublicSubnet2Id'].map((one) => `output ${one} of layer network`);
    const others = ['output CertificateArn of layer certificate', 'an image id in SSM parameter /images/web'];
    expect(waitingWords([...outputs, ...others])).toBe(
      'waits for 3 outputs of layer network, output CertificateArn of layer certificate, an image id in SSM parameter /images/web',
    );
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
    expect(page).toContain(`    "approve": ["${layer.planDigest}"]`);
    expect(page).toContain('| web | blocked | logs would be deleted | nextcloud-site-prod-web |');
    expect(page).toContain('- Modify Logs (AWS::Logs::LogGroup): RetentionInDays 60 → 30');
  });

  it('asks to approve only what waits for an approval', () => {
    expect(planPage(statusOf({ layers: [{ ...layer, state: 'applying', risk: 'safe' }] }))).not.toContain('approve');
  });

  it('says a thing once', () => {
    const held = {
      status: 'False',
      reason: 'AwaitingWindow',
      message: 'web: disruptive: instances are replaced',
    } as const;
    const page = planPage(statusOf({ conditions: [condition('Ready', held), condition('Synced', held)] }));
    expect(page.match(/instances are replaced/g)).toHaveLength(1);
    expect(page).toContain('| Synced | False | AwaitingWindow | as Ready |');
  });

  it('leaves names as they are', () => {
    const message = 'CloudFormation: CREATE_IN_PROGRESS';
    expect(planPage(statusOf({ layers: [{ ...layer, message }] }))).toContain(message);
    expect(planPage(statusOf({ layers: [{ ...layer, message: '_x_' }] }))).toContain('\\_x\\_');
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
