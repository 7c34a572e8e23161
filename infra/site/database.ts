import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import { controllerOutputs } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import type { DataInputs } from './data.ts';
import type { LayerStack } from './layer-stack.ts';
import { snapshot } from './protection.ts';
import { addGeneratedSecret, passwordOf } from './secrets.ts';
import { nameTag } from './tags.ts';

/** Name of the database's administrator; create-only, at most 16 characters. */
const adminUsername = 'ncadmin';

/** Name of the user that Nextcloud itself works as. */
const applicationUsername = 'nextcloud';

/**
 * What Nextcloud asks of MySQL (admin manual, "Database configuration"), TLS for every connection, and slow queries in the exported log.
 * The document's own parameters win.
 */
const nextcloudParameters: Readonly<Record<string, string>> = {
  transaction_isolation: 'READ-COMMITTED',
  binlog_format: 'ROW',
  character_set_server: 'utf8mb4',
  collation_server: 'utf8mb4_general_ci',
  require_secure_transport: '1',
  slow_query_log: '1',
  long_query_time: '2',
  log_output: 'FILE',
};

/** RDS for MySQL over the private subnets, its parameter group, and the secrets of its administrator and of the application. */
export function addDatabase(stack: LayerStack, inputs: DataInputs): CfnDBInstance {
  const { site } = stack;
  const adminSecret = addGeneratedSecret(
    stack,
    'DatabaseAdminSecret',
    adminUsername,
    `Database administrator of the Nextcloud site ${site.name}`,
  );
  const applicationSecret = addGeneratedSecret(
    stack,
    'DatabaseApplicationSecret',
    applicationUsername,
    `Database user of Nextcloud itself, site ${site.name}`,
  );
  const database = new CfnDBInstance(stack, 'Database', {
    ...instanceProperties(site),
    masterUsername: adminUsername,
    masterUserPassword: passwordOf(adminSecret),
    dbSubnetGroupName: addSubnetGroup(stack, inputs).ref,
    dbParameterGroupName: addParameterGroup(stack).ref,
    vpcSecurityGroups: [inputs.databaseSecurityGroup],
  });
  snapshot(database);

  stack.output(controllerOutputs.databaseIdentifier, database.ref, 'Identifier of the database instance');
  stack.output('DatabaseAddress', database.attrEndpointAddress, 'Host name of the database');
  stack.output('DatabasePort', database.attrEndpointPort, 'Port of the database');
  stack.output('DatabaseAdminSecretArn', adminSecret.ref, "Secret of the database's administrator");
  stack.output('DatabaseApplicationSecretArn', applicationSecret.ref, "Secret of Nextcloud's own database user");
  return database;
}

/** `mysql8.4` for 8.4.6: the family is the version without its patch. */
function parameterGroupFamily(engineVersion: string): string {
  return `mysql${engineVersion.split('.').slice(0, 2).join('.')}`;
}

function instanceProperties(site: Site) {
  const { database } = site;
  return {
    engine: 'mysql',
    engineVersion: database.engineVersion,
    // The document says the version: the service must not change it by itself.
    autoMinorVersionUpgrade: false,
    dbInstanceClass: database.instanceClass,
    dbName: database.name,
    allocatedStorage: String(database.storageGib),
    storageType: 'gp3',
    storageEncrypted: true,
    multiAz: database.multiAz,
    publiclyAccessible: false,
    backupRetentionPeriod: database.backupDays,
    preferredBackupWindow: database.backupWindow,
    preferredMaintenanceWindow: database.maintenanceWindow,
    copyTagsToSnapshot: true,
    deleteAutomatedBackups: false,
    deletionProtection: database.deletionProtection,
    enableCloudwatchLogsExports: ['error', 'slowquery'],
    caCertificateIdentifier: 'rds-ca-rsa2048-g1',
    tags: nameTag(site, 'database'),
  };
}

function addSubnetGroup(stack: LayerStack, inputs: DataInputs): CfnDBSubnetGroup {
  return new CfnDBSubnetGroup(stack, 'DatabaseSubnetGroup', {
    dbSubnetGroupDescription: `Private subnets of the Nextcloud site ${stack.site.name}`,
    subnetIds: [...inputs.privateSubnets],
  });
}

function addParameterGroup(stack: LayerStack): CfnDBParameterGroup {
  const { database, name } = stack.site;
  return new CfnDBParameterGroup(stack, 'DatabaseParameterGroup', {
    description: `MySQL parameters of the Nextcloud site ${name}`,
    family: parameterGroupFamily(database.engineVersion),
    parameters: { ...nextcloudParameters, ...database.parameters },
  });
}
