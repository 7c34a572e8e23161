import type { Template, TemplateResource } from './stacks.ts';

const ref = (name: string) => ({ Ref: name });
const att = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
const join = (...parts: readonly unknown[]) => ({ 'Fn::Join': ['', parts] });
const tags = (name: string) => [{ Key: 'Name', Value: name }];
const assume = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});

const network: Record<string, TemplateResource> = {
  Vpc: {
    Type: 'AWS::EC2::VPC',
    Properties: { CidrBlock: '10.20.0.0/16', EnableDnsHostnames: true, Tags: tags('vpc') },
  },
  Gateway: { Type: 'AWS::EC2::InternetGateway', Properties: { Tags: tags('gateway') } },
  GatewayAttachment: {
    Type: 'AWS::EC2::VPCGatewayAttachment',
    Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') },
  },
  PublicSubnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: ref('Vpc'), CidrBlock: '10.20.0.0/24', AvailabilityZone: 'eu-west-3a', Tags: tags('public') },
  },
  OtherPublicSubnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: ref('Vpc'), CidrBlock: '10.20.1.0/24', AvailabilityZone: 'eu-west-3b', Tags: tags('other') },
  },
  PublicRoutes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc'), Tags: tags('public') } },
  PublicRoute: {
    Type: 'AWS::EC2::Route',
    DependsOn: 'GatewayAttachment',
    Properties: {
      RouteTableId: ref('PublicRoutes'),
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: ref('Gateway'),
    },
  },
  PublicAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref('PublicSubnet'), RouteTableId: ref('PublicRoutes') },
  },
  Address: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc', Tags: tags('nat') } },
  Nat: {
    Type: 'AWS::EC2::NatGateway',
    Properties: { SubnetId: ref('PublicSubnet'), AllocationId: att('Address', 'AllocationId'), Tags: tags('nat') },
  },
  FlowLogGroup: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Delete', Properties: { RetentionInDays: 14 } },
  FlowLogRole: {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: assume('vpc-flow-logs.amazonaws.com') },
  },
  FlowLog: {
    Type: 'AWS::EC2::FlowLog',
    Properties: {
      ResourceId: ref('Vpc'),
      ResourceType: 'VPC',
      TrafficType: 'REJECT',
      LogGroupName: ref('FlowLogGroup'),
      DeliverLogsPermissionArn: att('FlowLogRole', 'Arn'),
      Tags: tags('flow'),
    },
  },
  StorageEndpoint: {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: {
      VpcId: ref('Vpc'),
      ServiceName: 'com.amazonaws.eu-west-3.s3',
      VpcEndpointType: 'Gateway',
      RouteTableIds: [ref('PublicRoutes')],
    },
  },
  WebGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'web',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.20.0.0/16' }],
      Tags: tags('web'),
    },
  },
  DataGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'data',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, SourceSecurityGroupId: att('WebGroup', 'GroupId') },
      ],
    },
  },
  ExtraIngress: {
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: {
      GroupId: ref('WebGroup'),
      IpProtocol: 'tcp',
      FromPort: 80,
      ToPort: 80,
      CidrIp: '0.0.0.0/0',
      Description: 'redirects',
    },
  },
  ExtraEgress: {
    Type: 'AWS::EC2::SecurityGroupEgress',
    Properties: {
      GroupId: ref('WebGroup'),
      IpProtocol: 'tcp',
      FromPort: 53,
      ToPort: 53,
      CidrIp: '10.20.0.2/32',
    },
  },
  Zone: {
    Type: 'AWS::Route53::HostedZone',
    Properties: { Name: 'cloud.example.org', HostedZoneConfig: { Comment: 'one' } },
  },
};

const data: Record<string, TemplateResource> = {
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: {
      Description: 'one',
      KeyPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: join('arn:aws:iam::', ref('AWS::AccountId'), ':root') },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
    },
  },
  KeyAlias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/site', TargetKeyId: ref('Key') } },
  DatabaseSubnets: {
    Type: 'AWS::RDS::DBSubnetGroup',
    Properties: {
      DBSubnetGroupDescription: 'database',
      SubnetIds: [ref('PublicSubnet'), ref('OtherPublicSubnet')],
    },
  },
  DatabaseParameters: {
    Type: 'AWS::RDS::DBParameterGroup',
    Properties: {
      Family: 'mysql8.4',
      Description: 'database',
      Parameters: { max_allowed_packet: '134217728' },
    },
  },
  DatabaseSecret: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: {
      Description: 'one',
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"admin"}',
        GenerateStringKey: 'password',
        ExcludePunctuation: true,
        PasswordLength: 32,
      },
    },
  },
  Database: {
    Type: 'AWS::RDS::DBInstance',
    DeletionPolicy: 'Snapshot',
    UpdateReplacePolicy: 'Snapshot',
    Properties: {
      Engine: 'mysql',
      EngineVersion: '8.4.6',
      DBInstanceClass: 'db.t4g.medium',
      AllocatedStorage: '50',
      StorageType: 'gp3',
      StorageEncrypted: true,
      MultiAZ: true,
      BackupRetentionPeriod: 7,
      DBSubnetGroupName: ref('DatabaseSubnets'),
      DBParameterGroupName: ref('DatabaseParameters'),
      VPCSecurityGroups: [ref('DataGroup')],
      MasterUsername: join('{{resolve:secretsmanager:', ref('DatabaseSecret'), ':SecretString:username}}'),
      MasterUserPassword: join('{{resolve:secretsmanager:', ref('DatabaseSecret'), ':SecretString:password}}'),
      DBName: 'nextcloud',
    },
  },
  Files: {
    Type: 'AWS::EFS::FileSystem',
    Properties: {
      Encrypted: true,
      ThroughputMode: 'elastic',
      LifecyclePolicies: [{ TransitionToIA: 'AFTER_30_DAYS' }],
      FileSystemTags: tags('files'),
    },
  },
  FilesTarget: {
    Type: 'AWS::EFS::MountTarget',
    Properties: { FileSystemId: ref('Files'), SubnetId: ref('PublicSubnet'), SecurityGroups: [ref('DataGroup')] },
  },
  FilesAccess: {
    Type: 'AWS::EFS::AccessPoint',
    Properties: {
      FileSystemId: ref('Files'),
      PosixUser: { Uid: '33', Gid: '33' },
      RootDirectory: { Path: '/data', CreationInfo: { OwnerUid: '33', OwnerGid: '33', Permissions: '0750' } },
    },
  },
  CacheSubnets: {
    Type: 'AWS::ElastiCache::SubnetGroup',
    Properties: { Description: 'cache', SubnetIds: [ref('PublicSubnet'), ref('OtherPublicSubnet')] },
  },
  CacheParameters: {
    Type: 'AWS::ElastiCache::ParameterGroup',
    Properties: {
      CacheParameterGroupFamily: 'valkey8',
      Description: 'cache',
      Properties: { 'maxmemory-policy': 'allkeys-lru' },
    },
  },
  CacheSecret: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: { GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 } },
  },
  Cache: {
    Type: 'AWS::ElastiCache::ReplicationGroup',
    Properties: {
      ReplicationGroupDescription: 'cache',
      Engine: 'valkey',
      EngineVersion: '8.0',
      CacheNodeType: 'cache.t4g.small',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: true,
      TransitEncryptionEnabled: true,
      AtRestEncryptionEnabled: true,
      AuthToken: join('{{resolve:secretsmanager:', ref('CacheSecret'), '}}'),
      CacheSubnetGroupName: ref('CacheSubnets'),
      CacheParameterGroupName: ref('CacheParameters'),
      SecurityGroupIds: [ref('DataGroup')],
      SnapshotRetentionLimit: 5,
    },
  },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    },
  },
  BucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: ref('Bucket'),
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: att('Bucket', 'Arn'),
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
  Vault: { Type: 'AWS::Backup::BackupVault', Properties: { BackupVaultName: 'site-vault' } },
  Plan: {
    Type: 'AWS::Backup::BackupPlan',
    Properties: {
      BackupPlan: {
        BackupPlanName: 'daily',
        BackupPlanRule: [
          {
            RuleName: 'daily',
            TargetBackupVault: ref('Vault'),
            ScheduleExpression: 'cron(0 3 * * ? *)',
            Lifecycle: { DeleteAfterDays: 35 },
          },
        ],
      },
    },
  },
  BackupRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: assume('backup.amazonaws.com') } },
  Selection: {
    Type: 'AWS::Backup::BackupSelection',
    Properties: {
      BackupPlanId: ref('Plan'),
      BackupSelection: {
        SelectionName: 'data',
        IamRoleArn: att('BackupRole', 'Arn'),
        Resources: [att('Database', 'DBInstanceArn'), att('Files', 'Arn')],
      },
    },
  },
};

const web: Record<string, TemplateResource> = {
  InstanceRole: {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: assume('ec2.amazonaws.com'), Description: 'one' },
  },
  InstancePolicy: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' }],
      },
      Roles: [ref('InstanceRole')],
    },
  },
  InlinePolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'inline',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: ref('Topic') }],
      },
      Roles: [ref('InstanceRole')],
    },
  },
  Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [ref('InstanceRole')] } },
  Launch: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: {
      LaunchTemplateData: {
        ImageId: 'ami-11111111',
        InstanceType: 't4g.medium',
        IamInstanceProfile: { Arn: att('Profile', 'Arn') },
        MetadataOptions: { HttpTokens: 'required' },
        SecurityGroupIds: [att('WebGroup', 'GroupId')],
        UserData: { 'Fn::Base64': '#!/bin/sh\n' },
      },
    },
  },
  Certificate: {
    Type: 'AWS::CertificateManager::Certificate',
    Properties: {
      DomainName: 'cloud.example.org',
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'cloud.example.org', HostedZoneId: ref('Zone') }],
    },
  },
  Balancer: {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: {
      Scheme: 'internet-facing',
      Subnets: [ref('PublicSubnet'), ref('OtherPublicSubnet')],
      SecurityGroups: [ref('WebGroup')],
      LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '60' }],
    },
  },
  Targets: {
    Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: { VpcId: ref('Vpc'), Port: 80, Protocol: 'HTTP', HealthCheckPath: '/health' },
  },
  Http: {
    Type: 'AWS::ElasticLoadBalancingV2::Listener',
    Properties: {
      LoadBalancerArn: ref('Balancer'),
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [
        { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
      ],
    },
  },
  Https: {
    Type: 'AWS::ElasticLoadBalancingV2::Listener',
    Properties: {
      LoadBalancerArn: ref('Balancer'),
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      Certificates: [{ CertificateArn: ref('Certificate') }],
      DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
    },
  },
  Record: {
    Type: 'AWS::Route53::RecordSet',
    Properties: {
      HostedZoneId: ref('Zone'),
      Name: 'cloud.example.org',
      Type: 'A',
      AliasTarget: {
        DNSName: att('Balancer', 'DNSName'),
        HostedZoneId: att('Balancer', 'CanonicalHostedZoneID'),
        EvaluateTargetHealth: true,
      },
    },
  },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'one' } },
  Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{"widgets":[]}' } },
  Errors: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HTTPCode_ELB_5XX_Count',
      Dimensions: [{ Name: 'LoadBalancer', Value: att('Balancer', 'LoadBalancerFullName') }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 10,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [ref('Topic')],
    },
  },
  Anything: {
    Type: 'AWS::CloudWatch::CompositeAlarm',
    Properties: { AlarmRule: join('ALARM("', ref('Errors'), '")'), AlarmActions: [ref('Topic')] },
  },
  Setting: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'one' } },
};

const controller: Record<string, TemplateResource> = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  },
  Dead: { Type: 'AWS::SQS::Queue' },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 60,
      RedrivePolicy: { deadLetterTargetArn: att('Dead', 'Arn'), maxReceiveCount: 5 },
    },
  },
  QueuePolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('Queue')],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: att('Queue', 'Arn'),
          },
        ],
      },
    },
  },
  FunctionRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: assume('lambda.amazonaws.com') } },
  FunctionPolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'queue',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: att('Queue', 'Arn') }],
      },
      Roles: [ref('FunctionRole')],
    },
  },
  Function: {
    Type: 'AWS::Lambda::Function',
    DependsOn: 'FunctionPolicy',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: att('FunctionRole', 'Arn'),
      Code: { ZipFile: 'exports.handler = async () => 1;' },
      Timeout: 30,
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: ref('Function'),
      EventSourceArn: att('Queue', 'Arn'),
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.cloudformation'] },
      Targets: [{ Id: 'queue', Arn: att('Queue', 'Arn') }],
    },
  },
  Schedules: { Type: 'AWS::Scheduler::ScheduleGroup' },
  ScheduleRole: {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: assume('scheduler.amazonaws.com') },
  },
  Schedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      GroupName: ref('Schedules'),
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'DISABLED',
      Target: { Arn: att('Queue', 'Arn'), RoleArn: att('ScheduleRole', 'Arn'), Input: '{}' },
    },
  },
};

/** A template with a resource of every type that a site and the controller use, but instances and groups. */
export const everyType: Template = { Resources: { ...network, ...data, ...web, ...controller } };
