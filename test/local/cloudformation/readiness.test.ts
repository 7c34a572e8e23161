import { CreateChangeSetCommand, ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { DescribeNatGatewaysCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeMountTargetsCommand, EFSClient } from '@aws-sdk/client-efs';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeReplicationGroupsCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { clientOptions, eventually, outputs, Stacks, type Template } from './stacks.ts';

const network: Template = {
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    A: {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'eu-west-3a' },
    },
    B: {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24', AvailabilityZone: 'eu-west-3b' },
    },
    Files: { Type: 'AWS::EFS::FileSystem' },
    Address: { Type: 'AWS::EC2::EIP' },
  },
  Outputs: {
    A: { Value: { Ref: 'A' } },
    B: { Value: { Ref: 'B' } },
    Group: { Value: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] } },
    Files: { Value: { Ref: 'Files' } },
    Allocation: { Value: { 'Fn::GetAtt': ['Address', 'AllocationId'] } },
  },
};

describe('what takes minutes', () => {
  let aws: LocalAws;
  let stacks: Stacks;
  let known: Record<string, string>;
  beforeAll(async () => {
    // Slow enough for the states to be seen on a busy machine.
    aws = await startLocalAws({ timeScale: 0.008 });
    stacks = new Stacks(aws);
    known = outputs(await stacks.create('network', network));
  });
  afterAll(() => aws?.stop());

  /** Create one resource and give the states that the service showed of it meanwhile, in their order. */
  async function statesOf(
    name: string,
    type: string,
    properties: Record<string, unknown>,
    look: () => Promise<string | undefined>,
  ) {
    const template: Template = { Resources: { It: { Type: type, Properties: properties } } };
    const plan = await stacks.plan(name, template, { ChangeSetType: 'CREATE' });
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    const seen: string[] = [];
    await eventually(
      async () => {
        const state = await look();
        if (state !== undefined && seen.at(-1) !== state) seen.push(state);
        return stacks.describe(name);
      },
      ({ StackStatus }) => StackStatus !== 'CREATE_IN_PROGRESS',
    );
    const last = await look();
    if (last !== undefined && seen.at(-1) !== last) seen.push(last);
    return seen;
  }

  it('is pending on a NAT gateway', async () => {
    const ec2 = new EC2Client(clientOptions(aws));
    const properties = { SubnetId: known['A'], AllocationId: known['Allocation'] };
    const states = await statesOf('nat', 'AWS::EC2::NatGateway', properties, async () => {
      const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({}));
      return NatGateways?.[0]?.State;
    });
    expect(states).toEqual(['pending', 'available']);
  });

  it('is creating on a mount target', async () => {
    const efs = new EFSClient(clientOptions(aws));
    const properties = { FileSystemId: known['Files'], SubnetId: known['A'], SecurityGroups: [known['Group']] };
    const states = await statesOf('target', 'AWS::EFS::MountTarget', properties, async () => {
      const { MountTargets } = await efs.send(new DescribeMountTargetsCommand({ FileSystemId: known['Files'] }));
      return MountTargets?.[0]?.LifeCycleState;
    });
    expect(states).toEqual(['creating', 'available']);
  });

  it('is provisioning on a load balancer', async () => {
    const balancers = new ElasticLoadBalancingV2Client(clientOptions(aws));
    const properties = { Subnets: [known['A'], known['B']] };
    const states = await statesOf('balancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', properties, async () => {
      const { LoadBalancers } = await balancers.send(new DescribeLoadBalancersCommand({}));
      return LoadBalancers?.[0]?.State?.Code;
    });
    expect(states).toEqual(['provisioning', 'active']);
  });

  it('is creating on a cache, whose nodes are then counted', async () => {
    const cache = new ElastiCacheClient(clientOptions(aws));
    const properties = {
      ReplicationGroupDescription: 'cache',
      Engine: 'valkey',
      CacheNodeType: 'cache.t4g.small',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
    };
    const states = await statesOf('cache', 'AWS::ElastiCache::ReplicationGroup', properties, async () => {
      const { ReplicationGroups } = await cache.send(new DescribeReplicationGroupsCommand({}));
      return ReplicationGroups?.[0]?.Status;
    });
    expect(states).toEqual(['creating', 'available']);
    const { ReplicationGroups } = await cache.send(new DescribeReplicationGroupsCommand({}));
    expect(ReplicationGroups?.[0]?.MemberClusters).toHaveLength(2);
  });

  it('waits for a certificate until its validation record is in DNS', async () => {
    const certificate = {
      Type: 'AWS::CertificateManager::Certificate',
      Properties: { DomainName: 'cloud.example.org', ValidationMethod: 'DNS' },
    };
    const plan = await stacks.plan(
      'certificate',
      { Resources: { Certificate: certificate } },
      { ChangeSetType: 'CREATE' },
    );
    await stacks.client.send(new ExecuteChangeSetCommand({ ChangeSetName: plan.ChangeSetId }));
    const zone: Template = {
      Resources: {
        Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'cloud.example.org' } },
        // A second certificate of the same domain, with the zone, puts the record that both wait for.
        Other: {
          ...certificate,
          Properties: {
            ...certificate.Properties,
            DomainValidationOptions: [{ DomainName: 'cloud.example.org', HostedZoneId: { Ref: 'Zone' } }],
          },
        },
      },
    };
    expect(await stacks.describe('certificate')).toMatchObject({ StackStatus: 'CREATE_IN_PROGRESS' });
    await stacks.create('zone', zone);
    expect(await stacks.settled('certificate')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  it('makes a change set, which cannot be executed before it is made', async () => {
    const slow = await startLocalAws({ timeScale: 5, failOnViolations: false });
    try {
      const { client } = new Stacks(slow);
      const { Id } = await client.send(
        new CreateChangeSetCommand({
          StackName: 'made',
          ChangeSetName: 'later',
          ChangeSetType: 'CREATE',
          TemplateBody: JSON.stringify({ Resources: { A: { Type: 'AWS::SNS::Topic' } } }),
        }),
      );
      await expect(client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }))).rejects.toThrow(
        'cannot be executed in its current status of [CREATE_IN_PROGRESS]',
      );
    } finally {
      await slow.stop();
    }
  });
});
