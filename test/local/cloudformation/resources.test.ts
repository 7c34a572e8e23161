import { ListStackResourcesCommand, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import {
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { DescribeTagsCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { ListTagsForResourceCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { everyType } from './site-template.ts';
import { changes, clientOptions, outputs, Stacks, type Template, type TemplateResource } from './stacks.ts';

const arn = (service: string) => new RegExp(`^arn:aws:${service}:[a-z0-9-]*:000000000000:`);

/** What Ref and Fn::GetAtt read, as the types' pages say: resource, attribute (none for Ref), expected. */
const readable: readonly (readonly [string, string | null, RegExp])[] = [
  ['Vpc', null, /^vpc-[0-9a-f]+$/],
  ['Vpc', 'CidrBlock', /^10\.20\.0\.0\/16$/],
  ['Vpc', 'DefaultSecurityGroup', /^sg-/],
  ['PublicSubnet', 'AvailabilityZone', /^eu-west-3a$/],
  ['Address', null, /^\d+\.\d+\.\d+\.\d+$/],
  ['Address', 'AllocationId', /^eipalloc-/],
  ['Nat', null, /^nat-/],
  ['FlowLog', 'Id', /^fl-/],
  ['StorageEndpoint', null, /^vpce-/],
  ['WebGroup', 'GroupId', /^sg-/],
  ['WebGroup', 'VpcId', /^vpc-/],
  ['ExtraIngress', null, /^sgr-/],
  ['Zone', null, /^Z[A-Z0-9]+$/],
  ['Key', 'Arn', arn('kms')],
  [
    'DatabaseSecret',
    null,
    /^arn:aws:secretsmanager:eu-west-3:000000000000:secret:DatabaseSecret-[A-Za-z0-9]+-[A-Za-z0-9]{6}$/,
  ],
  ['DatabaseSecret', 'Id', arn('secretsmanager')],
  ['Database', null, /^site-database-/],
  ['Database', 'Endpoint.Address', /\.eu-west-3\.rds\.amazonaws\.com$/],
  ['Database', 'Endpoint.Port', /^3306$/],
  ['Database', 'DBInstanceArn', arn('rds')],
  ['Files', 'Arn', arn('elasticfilesystem')],
  ['Files', 'FileSystemId', /^fs-/],
  ['FilesTarget', null, /^fsmt-/],
  ['FilesAccess', 'Arn', arn('elasticfilesystem')],
  ['Cache', null, /^site-cache-/],
  ['Cache', 'PrimaryEndPoint.Address', /^master\..*\.euw3\.cache\.amazonaws\.com$/],
  ['Cache', 'PrimaryEndPoint.Port', /^6379$/],
  ['Cache', 'ReaderEndPoint.Address', /^replica\./],
  ['Bucket', 'Arn', /^arn:aws:s3:::site-bucket-/],
  ['Bucket', 'RegionalDomainName', /\.s3\.eu-west-3\.amazonaws\.com$/],
  ['Vault', 'BackupVaultArn', arn('backup')],
  ['Plan', 'BackupPlanArn', arn('backup')],
  ['Selection', 'SelectionId', /^[0-9a-f-]{36}$/],
  ['InstanceRole', 'Arn', arn('iam')],
  ['InstancePolicy', null, arn('iam')],
  ['Profile', null, /^site-Profile-[A-Z0-9]+$/],
  ['Profile', 'Arn', /:instance-profile\/site-Profile-/],
  ['Launch', 'LatestVersionNumber', /^1$/],
  ['Launch', 'DefaultVersionNumber', /^1$/],
  ['Certificate', null, arn('acm')],
  ['Balancer', null, arn('elasticloadbalancing')],
  ['Balancer', 'DNSName', /\.eu-west-3\.elb\.amazonaws\.com$/],
  ['Balancer', 'CanonicalHostedZoneID', /^Z/],
  ['Balancer', 'LoadBalancerFullName', /^app\/site-balancer-/],
  ['Targets', 'TargetGroupFullName', /^targetgroup\/site-Targets-/],
  ['Https', 'ListenerArn', arn('elasticloadbalancing')],
  ['Topic', 'TopicArn', arn('sns')],
  ['Errors', 'Arn', arn('cloudwatch')],
  ['Anything', 'Arn', arn('cloudwatch')],
  ['Setting', 'Value', /^one$/],
  ['FlowLogGroup', null, /^site-FlowLogGroup-/],
  ['FlowLogGroup', 'Arn', arn('logs')],
  ['Table', 'Arn', arn('dynamodb')],
  ['Queue', null, /^http.*\/site-Queue-/],
  ['Queue', 'QueueName', /^site-Queue-/],
  ['Function', 'Arn', arn('lambda')],
  ['Rule', 'Arn', arn('events')],
  ['Schedule', 'Arn', arn('scheduler')],
];

const outputName = (resource: string, attribute: string | null) => `${resource}${attribute?.replace('.', '') ?? ''}`;

const reading: Template = {
  ...everyType,
  Outputs: {
    ...Object.fromEntries(
      readable.map(([resource, attribute]) => [
        outputName(resource, attribute),
        { Value: attribute === null ? { Ref: resource } : { 'Fn::GetAtt': [resource, attribute] } },
      ]),
    ),
    NameServers: { Value: { 'Fn::Join': [',', { 'Fn::GetAtt': ['Zone', 'NameServers'] }] } },
  },
};

/** A property of each type that changes in place. */
const inPlace: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Vpc: { EnableDnsHostnames: false },
  Address: { Tags: [{ Key: 'Name', Value: 'changed' }] },
  Nat: { Tags: [{ Key: 'Name', Value: 'changed' }] },
  FlowLogGroup: { RetentionInDays: 30 },
  FlowLog: { Tags: [{ Key: 'Name', Value: 'changed' }] },
  WebGroup: { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '198.51.100.0/24' }] },
  ExtraIngress: { Description: 'changed' },
  Zone: { HostedZoneConfig: { Comment: 'changed' } },
  Key: { Description: 'changed' },
  DatabaseParameters: { Parameters: { max_allowed_packet: '67108864' } },
  DatabaseSecret: { Description: 'changed' },
  Database: { DBInstanceClass: 'db.r8g.large', BackupRetentionPeriod: 14 },
  Files: { LifecyclePolicies: [{ TransitionToIA: 'AFTER_60_DAYS' }] },
  CacheParameters: { Properties: { 'maxmemory-policy': 'volatile-lru' } },
  Cache: { CacheNodeType: 'cache.m7g.large' },
  Bucket: { VersioningConfiguration: { Status: 'Suspended' } },
  Plan: {
    BackupPlan: {
      BackupPlanName: 'daily',
      BackupPlanRule: [{ RuleName: 'daily', TargetBackupVault: { Ref: 'Vault' }, Lifecycle: { DeleteAfterDays: 7 } }],
    },
  },
  InstanceRole: { Description: 'changed' },
  Launch: { LaunchTemplateData: { ImageId: 'ami-22222222', InstanceType: 't4g.large' } },
  Balancer: { LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '120' }] },
  Targets: { HealthCheckPath: '/changed' },
  Topic: { DisplayName: 'changed' },
  Dashboard: { DashboardBody: '{"widgets":[],"start":"-PT3H"}' },
  Errors: { Threshold: 20 },
  Anything: { AlarmDescription: 'changed' },
  Setting: { Value: 'changed' },
  Queue: { VisibilityTimeout: 120 },
  Function: { Timeout: 60 },
  Mapping: { ScalingConfig: { MaximumConcurrency: 5 } },
  Rule: { Description: 'changed' },
  Schedule: { ScheduleExpression: 'rate(5 minutes)' },
};

function changed(template: Template, patches: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Template {
  const patched = Object.entries(template.Resources).map(([name, resource]): [string, TemplateResource] => [
    name,
    patches[name] ? { ...resource, Properties: { ...resource.Properties, ...patches[name] } } : resource,
  ]);
  return { ...template, Resources: Object.fromEntries(patched) };
}

describe('the resource types of a site and of the controller', () => {
  let aws: LocalAws;
  let stacks: Stacks;
  let physicalIds: Record<string, string | undefined>;

  const ids = async () => {
    const { StackResourceSummaries } = await stacks.client.send(new ListStackResourcesCommand({ StackName: 'site' }));
    return Object.fromEntries(
      (StackResourceSummaries ?? []).map((resource: StackResourceSummary) => [
        resource.LogicalResourceId,
        resource.PhysicalResourceId,
      ]),
    );
  };

  beforeAll(async () => {
    aws = await startLocalAws();
    stacks = new Stacks(aws);
    const stack = await stacks.create('site', reading, { Tags: [{ Key: 'site', Value: 'production' }] });
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    physicalIds = await ids();
  });
  afterAll(() => aws?.stop());

  it('read as their pages say', async () => {
    const values = outputs(await stacks.describe('site'));
    for (const [resource, attribute, expected] of readable) {
      expect(values[outputName(resource, attribute)], `${resource} ${attribute ?? 'Ref'}`).toMatch(expected);
    }
    expect(values['NameServers']?.split(',')).toHaveLength(4);
  });

  it('carry the tags of the stack and those of CloudFormation', async () => {
    const ec2 = new EC2Client(clientOptions(aws));
    const vpc = await ec2.send(new DescribeVpcsCommand({ VpcIds: [physicalIds['Vpc'] ?? ''] }));
    const vpcTags = Object.fromEntries((vpc.Vpcs?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    expect(vpcTags).toMatchObject({
      Name: 'vpc',
      site: 'production',
      'aws:cloudformation:stack-name': 'site',
      'aws:cloudformation:logical-id': 'Vpc',
    });
    const balancers = new ElasticLoadBalancingV2Client(clientOptions(aws));
    const described = await balancers.send(new DescribeTagsCommand({ ResourceArns: [physicalIds['Balancer'] ?? ''] }));
    expect(described.TagDescriptions?.[0]?.Tags).toContainEqual({ Key: 'site', Value: 'production' });
    const s3 = new S3Client({ ...clientOptions(aws), forcePathStyle: true });
    const bucket = await s3.send(new GetBucketTaggingCommand({ Bucket: physicalIds['Bucket'] }));
    expect(bucket.TagSet).toContainEqual({ Key: 'site', Value: 'production' });
    const zones = new Route53Client(clientOptions(aws));
    const zone = await zones.send(
      new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: physicalIds['Zone'] }),
    );
    expect(zone.ResourceTagSet?.Tags).toEqual([{ Key: 'site', Value: 'production' }]);
  });

  it('hold a NAT gateway on its address', async () => {
    const ec2 = new EC2Client(clientOptions(aws));
    const address = await ec2.send(new DescribeAddressesCommand({ PublicIps: [physicalIds['Address'] ?? ''] }));
    const gateways = await ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [physicalIds['Nat'] ?? ''] }));
    expect(gateways.NatGateways?.[0]).toMatchObject({
      State: 'available',
      NatGatewayAddresses: [{ PublicIp: physicalIds['Address'], AllocationId: address.Addresses?.[0]?.AllocationId }],
    });
  });

  it('change in place what does not replace, and touch nothing else', async () => {
    const template = changed(reading, inPlace);
    const plan = await stacks.plan('site', template);
    const planned = changes(plan);
    for (const name of Object.keys(inPlace)) {
      expect(planned[name], name).toMatchObject({ Action: 'Modify' });
      expect(planned[name]?.Replacement, name).not.toBe('True');
    }
    const before = (await stacks.events('site')).length;
    expect(await stacks.execute(plan)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect(await ids()).toEqual(physicalIds);
    const touched = new Set(
      (await stacks.events('site'))
        .slice(before)
        .flatMap(({ LogicalResourceId, ResourceType }) =>
          ResourceType === 'AWS::CloudFormation::Stack' ? [] : [LogicalResourceId],
        ),
    );
    expect([...touched].sort()).toEqual(Object.keys(inPlace).sort());
    expect(outputs(await stacks.describe('site'))).toMatchObject({
      LaunchLatestVersionNumber: '2',
      SettingValue: 'changed',
    });
    const rds = new RDSClient(clientOptions(aws));
    const database = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: physicalIds['Database'] }));
    expect(database.DBInstances?.[0]).toMatchObject({
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.r8g.large',
      BackupRetentionPeriod: 14,
      MultiAZ: true,
    });
    const ec2 = new EC2Client(clientOptions(aws));
    const groups = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [physicalIds['WebGroup'] ?? ''] }));
    expect(
      groups.SecurityGroups?.[0]?.IpPermissions?.map(({ FromPort, IpRanges }) => [
        FromPort,
        IpRanges?.[0]?.CidrIp,
      ]).sort(),
    ).toEqual([
      [443, '198.51.100.0/24'],
      [80, '0.0.0.0/0'],
    ]);
  });

  it('take other tags of the stack in place', async () => {
    const plan = await stacks.plan('site', changed(reading, inPlace), { Tags: [{ Key: 'site', Value: 'renamed' }] });
    expect(changes(plan)['Database']).toMatchObject({ Action: 'Modify', Replacement: 'False', Scope: ['Tags'] });
    expect(await stacks.execute(plan)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect(await ids()).toEqual(physicalIds);
    const rds = new RDSClient(clientOptions(aws));
    const database = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: physicalIds['Database'] }));
    expect(database.DBInstances?.[0]?.TagList).toContainEqual({ Key: 'site', Value: 'renamed' });
    const ec2 = new EC2Client(clientOptions(aws));
    const gateways = await ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [physicalIds['Nat'] ?? ''] }));
    expect(gateways.NatGateways?.[0]?.Tags).toContainEqual({ Key: 'site', Value: 'renamed' });
  });

  it('are replaced by what the registry calls create-only', async () => {
    const template = changed(reading, {
      ...inPlace,
      Address: { NetworkBorderGroup: 'eu-west-3' },
      Topic: { TopicName: 'renamed' },
      Targets: { HealthCheckPath: '/changed', Port: 8080 },
    });
    const plan = await stacks.plan('site', template);
    const planned = changes(plan);
    expect(planned['Address']).toMatchObject({ Replacement: 'True', PolicyAction: 'ReplaceAndDelete' });
    expect(planned['Topic']).toMatchObject({ Replacement: 'True' });
    // What names a replaced resource follows it.
    expect(planned['Nat']?.Details?.[0]).toMatchObject({
      ChangeSource: 'ResourceAttribute',
      CausingEntity: 'Address.AllocationId',
    });
    expect(await stacks.execute(plan)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    const now = await ids();
    for (const name of ['Address', 'Topic', 'Targets', 'Nat']) expect(now[name], name).not.toBe(physicalIds[name]);
    for (const name of ['Vpc', 'Database', 'Balancer', 'Https']) expect(now[name], name).toBe(physicalIds[name]);
    const ec2 = new EC2Client(clientOptions(aws));
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses?.map(({ PublicIp }) => PublicIp)).toEqual([now['Address']]);
  });

  it('go with their stack', async () => {
    expect(await stacks.remove('site')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    const ec2 = new EC2Client(clientOptions(aws));
    expect((await ec2.send(new DescribeAddressesCommand({}))).Addresses).toEqual([]);
    const rds = new RDSClient(clientOptions(aws));
    expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
  });
});
