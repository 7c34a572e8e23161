import { describe, expect, it } from 'vitest';
import type { ChangeDetail, ResourceChange } from '../../../controller/ports/stacks.ts';
import { riskOf } from '../../../controller/reconcile/risk.ts';

const established = { firstCreate: false };

function modify(
  resourceType: string,
  details: Partial<ChangeDetail>[],
  more: Partial<ResourceChange> = {},
): ResourceChange {
  return {
    action: 'Modify',
    logicalId: 'Thing',
    physicalId: 'thing-1',
    resourceType,
    replacement: 'False',
    scope: ['Properties'],
    details: details.map((detail) => ({
      attribute: 'Properties',
      requiresRecreation: 'Never',
      evaluation: 'Static',
      ...detail,
    })),
    ...more,
  };
}

const property = (name: string, beforeValue?: string, afterValue?: string): Partial<ChangeDetail> => ({
  name,
  ...(beforeValue === undefined ? {} : { beforeValue }),
  ...(afterValue === undefined ? {} : { afterValue }),
});

const logs = 'AWS::Logs::LogGroup';
const database = 'AWS::RDS::DBInstance';

const bucket = 'AWS::S3::Bucket';
const expirationPath = '/Properties/LifecycleConfiguration/Rules/0/ExpirationInDays';
const rule = (ExpirationInDays: number, Prefix = '') => [
  { Id: 'retention', Status: 'Enabled', ExpirationInDays, Prefix },
];
const lifecycle = (before: object[], after: object[]) =>
  property('LifecycleConfiguration', JSON.stringify({ Rules: before }), JSON.stringify({ Rules: after }));

const cases: readonly (readonly [string, ResourceChange, string])[] = [
  ['an addition', { action: 'Add', logicalId: 'New', resourceType: database, scope: [], details: [] }, 'safe'],
  ['a change that stays in place', modify(logs, [property('RetentionInDays', '30', '60')]), 'safe'],
  ['logs kept for less', modify(logs, [property('RetentionInDays', '60', '30')]), 'destructive'],
  ['logs kept for ever no more', modify(logs, [property('RetentionInDays', undefined, '30')]), 'destructive'],
  ['an unknown retention', modify(logs, [property('RetentionInDays')]), 'destructive'],
  ['objects kept for longer', modify(bucket, [lifecycle(rule(30), rule(90))]), 'safe'],
  ['objects kept for less', modify(bucket, [lifecycle(rule(90), rule(30))]), 'destructive'],
  ['objects kept as long, but others too', modify(bucket, [lifecycle(rule(30), rule(90, 'a/'))]), 'destructive'],
  ['another rule of expiry', modify(bucket, [lifecycle(rule(30), [...rule(30), ...rule(1)])]), 'destructive'],
  ['objects that expire now', modify(bucket, [property('LifecycleConfiguration')]), 'destructive'],
  [
    'one number of days, by its path, up',
    modify(bucket, [{ ...property('LifecycleConfiguration', '30', '90'), path: expirationPath }]),
    'safe',
  ],
  [
    'one number of days, by its path, down',
    modify(bucket, [{ ...property('LifecycleConfiguration', '90', '30'), path: expirationPath }]),
    'destructive',
  ],
  ['more backups', modify(database, [property('BackupRetentionPeriod', '7', '14')]), 'safe'],
  ['fewer backups', modify(database, [property('BackupRetentionPeriod', '14', '7')]), 'destructive'],
  ['backups off', modify(database, [property('BackupRetentionPeriod', '14', '0')]), 'destructive'],
  ['protection off', modify(database, [property('DeletionProtection', 'true', 'false')]), 'destructive'],
  ['protection on', modify(database, [property('DeletionProtection', 'false', 'true')]), 'safe'],
  [
    'another database class',
    modify(database, [property('DBInstanceClass', 'db.t4g.micro', 'db.m7g.large')]),
    'disruptive',
  ],
  ['another secret value', modify('AWS::SecretsManager::Secret', [property('GenerateSecretString')]), 'forbidden'],
  ['a weaker deletion policy', modify(logs, [{ attribute: 'DeletionPolicy' }]), 'destructive'],
  ['tags', modify(logs, [{ attribute: 'Tags' }]), 'safe'],
  [
    'a property of which nothing is said',
    modify(logs, [{ attribute: 'Properties' }], { details: [{ attribute: 'Properties', name: 'X' }] }),
    'destructive',
  ],
  [
    'a conditional replacement',
    modify('AWS::AutoScaling::AutoScalingGroup', [{ name: 'LaunchTemplate', requiresRecreation: 'Conditionally' }], {
      replacement: 'Conditional',
    }),
    'destructive',
  ],
  [
    'a replaced database',
    modify(database, [{ name: 'DBName', requiresRecreation: 'Always' }], { replacement: 'True' }),
    'forbidden',
  ],
  [
    'a removed file system',
    {
      action: 'Remove',
      logicalId: 'Files',
      resourceType: 'AWS::EFS::FileSystem',
      scope: [],
      details: [],
      policyAction: 'Retain',
    },
    'forbidden',
  ],
  [
    'a removed alarm',
    { action: 'Remove', logicalId: 'Alarm', resourceType: 'AWS::CloudWatch::Alarm', scope: [], details: [] },
    'destructive',
  ],
  ['a change that deletes by policy', modify(logs, [], { policyAction: 'ReplaceAndDelete' }), 'destructive'],
];

describe('riskOf', () => {
  it.each(cases)('%s', (_name, change, risk) => {
    expect(riskOf(change, established).risk).toBe(risk);
  });

  it('says why, unless it is safe', () => {
    for (const [, change, risk] of cases) expect(riskOf(change, established).why === undefined).toBe(risk === 'safe');
  });

  it('takes a first create as safe whatever it does: nothing of value exists', () => {
    for (const [, change] of cases) expect(riskOf(change, { firstCreate: true })).toEqual({ risk: 'safe' });
  });

  it('takes the gravest of several', () => {
    const change = modify(database, [property('DBInstanceClass'), property('BackupRetentionPeriod', '14', '7')]);
    expect(riskOf(change, established)).toEqual({
      risk: 'destructive',
      why: 'BackupRetentionPeriod: fewer backups would be kept',
    });
  });
});
