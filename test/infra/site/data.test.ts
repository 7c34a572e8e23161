import { describe, expect, test } from 'vitest';
import { idsOf, properties, resource, statementsOf, template } from './template.ts';

const data = template('data');
const privateSubnets = [1, 2, 3].map((n) => ({ Ref: `PrivateSubnet${n}Id` }));

describe('database', () => {
  test('MySQL 8.4, Multi-AZ, encrypted, private, protected, with a last snapshot whatever happens', () => {
    expect(resource(data, 'Database')).toMatchObject({
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: {
        Engine: 'mysql',
        EngineVersion: '8.4.6',
        AutoMinorVersionUpgrade: false,
        DBInstanceClass: 'db.m7g.large',
        DBName: 'nextcloud',
        AllocatedStorage: '100',
        StorageType: 'gp3',
        StorageEncrypted: true,
        MultiAZ: true,
        PubliclyAccessible: false,
        BackupRetentionPeriod: 14,
        PreferredBackupWindow: '02:00-03:00',
        PreferredMaintenanceWindow: 'sun:03:30-sun:04:30',
        DeletionProtection: true,
        CopyTagsToSnapshot: true,
        DeleteAutomatedBackups: false,
        EnableCloudwatchLogsExports: ['error', 'slowquery'],
        CACertificateIdentifier: 'rds-ca-rsa2048-g1',
        DBSubnetGroupName: { Ref: 'DatabaseSubnetGroup' },
        DBParameterGroupName: { Ref: 'DatabaseParameterGroup' },
        VPCSecurityGroups: [{ Ref: 'DatabaseSecurityGroupId' }],
      },
    });
    expect(properties(data, 'Database')).not.toHaveProperty('DBInstanceIdentifier');
    expect(properties(data, 'Database')).not.toHaveProperty('MaxAllocatedStorage');
    expect(properties(data, 'DatabaseSubnetGroup')['SubnetIds']).toEqual(privateSubnets);
  });

  test('its parameters are what Nextcloud asks for, and TLS is required', () => {
    expect(properties(data, 'DatabaseParameterGroup')).toMatchObject({
      Family: 'mysql8.4',
      Parameters: {
        transaction_isolation: 'READ-COMMITTED',
        binlog_format: 'ROW',
        character_set_server: 'utf8mb4',
        require_secure_transport: '1',
      },
    });
  });

  test("the document's own parameters win", () => {
    const own = template('data', { 'database.parameters': { long_query_time: '5' } });
    expect(properties(own, 'DatabaseParameterGroup')).toMatchObject({
      Parameters: { long_query_time: '5', binlog_format: 'ROW' },
    });
  });

  test('its password is generated, kept, and read by CloudFormation alone', () => {
    expect(resource(data, 'DatabaseAdminSecret')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        GenerateSecretString: { GenerateStringKey: 'password', SecretStringTemplate: '{"username":"ncadmin"}' },
      },
    });
    expect(properties(data, 'Database')['MasterUserPassword']).toEqual({
      'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'DatabaseAdminSecret' }, ':SecretString:password}}']],
    });
    expect(properties(data, 'Database')).not.toHaveProperty('ManageMasterUserPassword');
    expect(idsOf(data, 'AWS::SecretsManager::RotationSchedule')).toEqual([]);
  });

  test('Nextcloud has a user of its own, which is not the administrator', () => {
    expect(properties(data, 'DatabaseApplicationSecret')).toMatchObject({
      GenerateSecretString: { SecretStringTemplate: '{"username":"nextcloud"}' },
    });
  });
});

describe('file system', () => {
  test('encrypted, elastic, kept, backed up by the plan and not by itself', () => {
    expect(resource(data, 'FileSystem')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Encrypted: true,
        PerformanceMode: 'generalPurpose',
        ThroughputMode: 'elastic',
        BackupPolicy: { Status: 'DISABLED' },
        LifecyclePolicies: [{ TransitionToIA: 'AFTER_30_DAYS' }, { TransitionToPrimaryStorageClass: 'AFTER_1_ACCESS' }],
      },
    });
  });

  test.each([
    [0, []],
    [1, [{ TransitionToIA: 'AFTER_1_DAY' }, { TransitionToPrimaryStorageClass: 'AFTER_1_ACCESS' }]],
  ])('with %s days of lifecycle', (days, policies) => {
    expect(properties(template('data', { 'storage.lifecycleDays': days }), 'FileSystem')['LifecyclePolicies']).toEqual(
      policies,
    );
  });

  test('a mount target in each private subnet', () => {
    for (const n of [1, 2, 3]) {
      expect(properties(data, `MountTarget${n}`)).toEqual({
        FileSystemId: { Ref: 'FileSystem' },
        SecurityGroups: [{ Ref: 'FileSystemSecurityGroupId' }],
        SubnetId: { Ref: `PrivateSubnet${n}Id` },
      });
    }
    expect(idsOf(data, 'AWS::EFS::MountTarget')).toHaveLength(3);
  });

  test('an access point with the fixed user and group of the web server', () => {
    expect(resource(data, 'AccessPoint')).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        PosixUser: { Uid: '33', Gid: '33' },
        RootDirectory: { Path: '/nextcloud', CreationInfo: { OwnerUid: '33', OwnerGid: '33', Permissions: '0750' } },
      },
    });
  });

  test('lets the nodes mount and write through an access point, and nobody without TLS', () => {
    const [nodes, tls] = statementsOf(properties(data, 'FileSystem')['FileSystemPolicy']);
    expect(nodes).toMatchObject({
      Effect: 'Allow',
      Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': {
            'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/nextcloud-gitops/nextcloud-site-production-\${AWS::Region}-node`,
          },
        },
      },
    });
    expect(JSON.stringify(nodes)).toContain('elasticfilesystem:AccessPointArn');
    expect(JSON.stringify(nodes)).not.toContain('ClientRootAccess');
    expect(tls).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    expect(properties(template('web'), 'InstanceRole')['RoleName']).toEqual({
      'Fn::Sub': `nextcloud-site-production-\${AWS::Region}-node`,
    });
  });
});

describe('cache', () => {
  test('Valkey with TLS and a token, two nodes that fail over between zones, cluster mode off', () => {
    expect(resource(data, 'Cache')).toMatchObject({
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: {
        Engine: 'valkey',
        CacheNodeType: 'cache.t4g.small',
        NumCacheClusters: 2,
        AutomaticFailoverEnabled: true,
        MultiAZEnabled: true,
        ClusterMode: 'disabled',
        TransitEncryptionEnabled: true,
        TransitEncryptionMode: 'required',
        AtRestEncryptionEnabled: true,
        SnapshotRetentionLimit: 1,
        SecurityGroupIds: [{ Ref: 'CacheSecurityGroupId' }],
        AuthToken: {
          'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'CacheSecret' }, ':SecretString:password}}']],
        },
      },
    });
    expect(properties(data, 'CacheSubnetGroup')['SubnetIds']).toEqual(privateSubnets);
  });

  test('its token has no punctuation and a length that ElastiCache takes', () => {
    expect(properties(data, 'CacheSecret')['GenerateSecretString']).toMatchObject({
      ExcludePunctuation: true,
      IncludeSpace: false,
      PasswordLength: 48,
    });
  });

  test('one node has nothing to fail over to', () => {
    expect(properties(template('data', {}, 'small'), 'Cache')).toMatchObject({
      NumCacheClusters: 1,
      AutomaticFailoverEnabled: false,
      MultiAZEnabled: false,
    });
  });
});

test("the site's bucket: versioned, encrypted, closed, TLS only, kept", () => {
  expect(resource(data, 'SiteBucket')).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    },
  });
  expect(properties(data, 'SiteBucket')).not.toHaveProperty('BucketName');
  expect(statementsOf(properties(data, 'SiteBucketPolicy')['PolicyDocument'])).toMatchObject([
    { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  ]);
});

describe('backups', () => {
  test.each([
    ['Database', 21, 35, { 'Fn::GetAtt': ['Database', 'DBInstanceArn'] }],
    ['FileSystem', 35, 90, { 'Fn::GetAtt': ['FileSystem', 'Arn'] }],
  ])(
    '%s: a plan with its own days into the vault, with the selection and the role',
    (part, databaseDays, filesDays, arn) => {
      const own = template('data', { 'backups.databaseDays': databaseDays, 'storage.backupDays': filesDays });
      expect(properties(own, `${part}BackupPlan`)).toMatchObject({
        BackupPlan: {
          BackupPlanRule: [
            {
              TargetBackupVault: { Ref: 'BackupVault' },
              ScheduleExpression: 'cron(0 6 * * ? *)',
              Lifecycle: { DeleteAfterDays: part === 'Database' ? databaseDays : filesDays },
            },
          ],
        },
      });
      expect(properties(own, `${part}BackupSelection`)).toMatchObject({
        BackupPlanId: { Ref: `${part}BackupPlan` },
        BackupSelection: { IamRoleArn: { 'Fn::GetAtt': ['BackupRole', 'Arn'] }, Resources: [arn] },
      });
    },
  );

  test('the vault is kept, and its name never meets that of another stack', () => {
    expect(resource(data, 'BackupVault')).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(JSON.stringify(properties(data, 'BackupVault')['BackupVaultName'])).toContain('AWS::StackId');
  });
});

test('the controller finds its outputs', () => {
  expect(data.Outputs).toMatchObject({
    DatabaseIdentifier: { Value: { Ref: 'Database' } },
    CacheReplicationGroupId: { Value: { Ref: 'Cache' } },
    FileSystemId: { Value: { Ref: 'FileSystem' } },
  });
});
