import type { Grant } from '../grants.ts';

/**
 * What nobody may do with the execution role, whatever a template says and whatever is granted later. Replacing a resource is create,
 * repoint, delete: CloudFormation would do the last step on data too. A person who really means it works with rights of their own.
 */
export const dataDenials: readonly Grant[] = [
  deny('The database, its snapshots and its automated backups', [
    'rds:DeleteDBInstance',
    'rds:DeleteDBInstanceAutomatedBackup',
    'rds:DeleteDBSnapshot',
    'rds:DeleteDBCluster',
    'rds:DeleteDBClusterSnapshot',
    'rds:DeleteDBClusterAutomatedBackup',
    'rds:DeleteTenantDatabase',
  ]),
  deny('The files', ['elasticfilesystem:DeleteFileSystem']),
  deny('Objects and buckets, the controller’s own among them', [
    's3:DeleteBucket',
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:BypassGovernanceRetention',
  ]),
  deny('Secrets: the database and the nodes would keep the old value', [
    'secretsmanager:DeleteSecret',
    'secretsmanager:PutSecretValue',
    'secretsmanager:RotateSecret',
  ]),
  deny('Keys: what they encrypted is lost with them', [
    'kms:ScheduleKeyDeletion',
    'kms:DisableKey',
    'kms:DeleteImportedKeyMaterial',
    'kms:DisableKeyRotation',
  ]),
  deny('Recovery points and their vaults', [
    'backup:DeleteRecoveryPoint',
    'backup:DeleteBackupVault',
    'backup:DisassociateRecoveryPoint',
    'backup:DeleteBackupVaultAccessPolicy',
    'backup:DeleteBackupVaultLockConfiguration',
    'backup:UpdateRecoveryPointLifecycle',
  ]),
  deny('Volumes and snapshots', ['ec2:DeleteSnapshot', 'ec2:DeleteVolume']),
  deny('The controller’s own state', [
    'dynamodb:DeleteTable',
    'dynamodb:DeleteItem',
    'dynamodb:UpdateTable',
    'dynamodb:DeleteBackup',
    'dynamodb:UpdateContinuousBackups',
  ]),
];

function deny(why: string, actions: readonly string[]): Grant {
  return { effect: 'Deny', why, actions, resources: ['*'] };
}
