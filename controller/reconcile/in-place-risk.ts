import type { ChangeDetail } from '../ports/stacks.ts';
import { keepsLonger } from './expiration.ts';
import type { Assessment, Risk } from './risk.ts';

type Direction = 'any' | 'down' | 'off' | 'sooner';

interface Rule {
  readonly risk: Risk;
  /** `down`: only when the number falls; `off`: only when it ends as false; `sooner`: unless things are only kept longer. What cannot be told counts as yes. */
  readonly when: Direction;
  readonly why: string;
}

const generation: Rule = {
  risk: 'forbidden',
  when: 'any',
  why: 'a new secret value: database and nodes would disagree',
};
const backups: Rule = { risk: 'destructive', when: 'down', why: 'fewer backups would be kept' };
const protection: Rule = { risk: 'destructive', when: 'off', why: 'protection against deletion would end' };
const retention: Rule = { risk: 'destructive', when: 'down', why: 'logs would be deleted' };
const access: Rule = { risk: 'destructive', when: 'any', why: 'who may reach or delete data would change' };
const interruption: Rule = { risk: 'disruptive', when: 'any', why: 'it interrupts the service' };
const replacedNode: Rule = { risk: 'disruptive', when: 'any', why: 'the instance is stopped or replaced' };

/** `<type>.<property>`: what CloudFormation does in place and is not harmless all the same. */
const rules: Readonly<Record<string, Rule>> = {
  'AWS::SecretsManager::Secret.GenerateSecretString': generation,
  'AWS::SecretsManager::Secret.SecretString': generation,
  'AWS::KMS::Key.Enabled': protection,
  'AWS::KMS::Key.KeyPolicy': access,
  'AWS::RDS::DBInstance.BackupRetentionPeriod': backups,
  'AWS::RDS::DBInstance.DeletionProtection': protection,
  'AWS::RDS::DBInstance.MultiAZ': { risk: 'destructive', when: 'off', why: 'the standby would go' },
  'AWS::RDS::DBInstance.DBInstanceClass': interruption,
  'AWS::RDS::DBInstance.EngineVersion': interruption,
  'AWS::RDS::DBInstance.DBParameterGroupName': interruption,
  'AWS::ElastiCache::ReplicationGroup.CacheNodeType': interruption,
  'AWS::ElastiCache::ReplicationGroup.EngineVersion': interruption,
  'AWS::ElastiCache::ReplicationGroup.SnapshotRetentionLimit': backups,
  'AWS::EC2::Instance.InstanceType': replacedNode,
  'AWS::EC2::Instance.UserData': replacedNode,
  'AWS::EFS::FileSystem.BackupPolicy': { risk: 'destructive', when: 'any', why: 'automatic backups would change' },
  'AWS::EFS::FileSystem.FileSystemPolicy': access,
  'AWS::EFS::FileSystem.FileSystemProtection': access,
  'AWS::S3::Bucket.LifecycleConfiguration': { risk: 'destructive', when: 'sooner', why: 'objects may be deleted' },
  'AWS::S3::Bucket.VersioningConfiguration': { risk: 'destructive', when: 'any', why: 'old versions may be lost' },
  'AWS::Logs::LogGroup.RetentionInDays': retention,
  'AWS::Backup::BackupPlan.BackupPlan': { risk: 'destructive', when: 'any', why: 'recovery points may be deleted' },
  'AWS::Backup::BackupSelection.BackupSelection': { risk: 'destructive', when: 'any', why: 'less may be backed up' },
  'AWS::Backup::BackupVault.AccessPolicy': access,
  'AWS::Backup::BackupVault.LockConfiguration': access,
  'AWS::ElasticLoadBalancingV2::LoadBalancer.LoadBalancerAttributes': protection,
};

const weakerPolicy: Assessment = { risk: 'destructive', why: 'what happens to the resource on deletion would change' };

/** The risk of one property's change that CloudFormation makes in place. */
export function inPlaceRisk(resourceType: string, detail: ChangeDetail): Assessment {
  if (detail.attribute === 'DeletionPolicy' || detail.attribute === 'UpdateReplacePolicy') return weakerPolicy;
  const rule = detail.name === undefined ? undefined : rules[`${resourceType}.${detail.name}`];
  if (rule === undefined || !applies(rule.when, detail)) return { risk: 'safe' };
  return { risk: rule.risk, why: `${detail.name}: ${rule.why}` };
}

function applies(when: Direction, detail: ChangeDetail): boolean {
  const { beforeValue, afterValue } = detail;
  if (when === 'any') return true;
  if (when === 'sooner') return !keepsLonger(detail);
  if (when === 'off') return scalarOf(afterValue) !== 'true';
  const after = Number(scalarOf(afterValue) ?? Number.NaN);
  const before = Number(scalarOf(beforeValue) ?? Number.NaN);
  return !(after > before);
}

/** Values come as text, sometimes quoted as JSON. */
function scalarOf(value: string | undefined): string | undefined {
  return value?.replace(/^"|"$/g, '').toLowerCase();
}
