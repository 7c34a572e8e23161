import { CfnBackupPlan, CfnBackupSelection, CfnBackupVault } from 'aws-cdk-lib/aws-backup';
import type { CfnFileSystem } from 'aws-cdk-lib/aws-efs';
import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { Fn } from 'aws-cdk-lib/core';
import { stackPrefix } from '../names.ts';
import { managedPolicyArn } from './arn.ts';
import { siteRole } from './iam.ts';
import type { LayerStack } from './layer-stack.ts';
import { retain } from './protection.ts';

/** Minutes: how late a job may start, and how long it may take. */
const startWindowMinutes = 60;
const completionWindowMinutes = 720;

/**
 * A vault, and a plan for the database and one for the file system, since the document gives each its own days. The service needs a vault's
 * name; it ends in a part of the stack's id, so that a later stack never meets an earlier one's vault.
 */
export function addBackups(stack: LayerStack, database: CfnDBInstance, fileSystem: CfnFileSystem): void {
  const { site } = stack;
  const vault = new CfnBackupVault(stack, 'BackupVault', {
    backupVaultName: Fn.join('-', [`${stackPrefix}${site.name}`, stackIdPart()]),
  });
  retain(vault);
  const role = siteRole(stack, {
    id: 'BackupRole',
    description: 'AWS Backup takes recovery points of the database and the file system',
    service: 'backup.amazonaws.com',
    trustCondition: { StringEquals: { 'aws:SourceAccount': Fn.ref('AWS::AccountId') } },
    managedPolicyArns: [managedPolicyArn('service-role/AWSBackupServiceRolePolicyForBackup')],
  });
  const plan = (id: string, part: string, days: number, resource: string) => {
    const backupPlan = new CfnBackupPlan(stack, `${id}BackupPlan`, {
      backupPlan: {
        backupPlanName: `${stackPrefix}${site.name}-${part}`,
        backupPlanRule: [
          {
            ruleName: 'scheduled',
            targetBackupVault: vault.ref,
            scheduleExpression: site.backups.schedule,
            startWindowMinutes,
            completionWindowMinutes,
            lifecycle: { deleteAfterDays: days },
          },
        ],
      },
    });
    retain(backupPlan);
    const selection = new CfnBackupSelection(stack, `${id}BackupSelection`, {
      backupPlanId: backupPlan.ref,
      backupSelection: { selectionName: part, iamRoleArn: role.attrArn, resources: [resource] },
    });
    selection.addResourceDependency(vault);
  };
  plan('Database', 'database', site.backups.databaseDays, database.attrDbInstanceArn);
  plan('FileSystem', 'file-system', site.storage.backupDays, fileSystem.attrArn);
  stack.output('BackupVaultName', vault.ref, 'Name of the backup vault');
}

/** The first eight hex digits of the stack's unique id. */
function stackIdPart(): string {
  return Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Fn.ref('AWS::StackId')))));
}
