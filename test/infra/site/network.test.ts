import { describe, expect, test } from 'vitest';
import { idsOf, properties, resource, template } from './template.ts';

const network = template('network');
const number = [1, 2, 3];

describe('subnets and routes', () => {
  test('three public and three private subnets, one of each a zone, none with public addresses of itself', () => {
    const zones = ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'];
    expect(idsOf(network, 'AWS::EC2::Subnet')).toHaveLength(6);
    for (const n of number) {
      for (const kind of ['Public', 'Private']) {
        expect(properties(network, `${kind}Subnet${n}`)).toMatchObject({
          AvailabilityZone: zones[n - 1],
          MapPublicIpOnLaunch: false,
          VpcId: { Ref: 'Vpc' },
        });
      }
    }
    expect(properties(network, 'PublicSubnet2')['CidrBlock']).toBe('10.20.16.0/20');
  });

  test('subnets that the document names are taken as they are', () => {
    const own = template('network', {
      'network.privateSubnets': ['10.20.192.0/22', '10.20.196.0/22', '10.20.200.0/22'],
    });
    expect(number.map((n) => properties(own, `PrivateSubnet${n}`)['CidrBlock'])).toEqual([
      '10.20.192.0/22',
      '10.20.196.0/22',
      '10.20.200.0/22',
    ]);
  });

  test('one public route table for all public subnets, to the Internet gateway once it is attached', () => {
    for (const n of number) {
      expect(properties(network, `PublicSubnet${n}RouteTableAssociation`)).toEqual({
        RouteTableId: { Ref: 'PublicRouteTable' },
        SubnetId: { Ref: `PublicSubnet${n}` },
      });
    }
    expect(resource(network, 'PublicDefaultRoute')).toMatchObject({
      DependsOn: ['InternetGatewayAttachment'],
      Properties: { DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'InternetGateway' } },
    });
  });

  test('one private route table a private subnet, each through the NAT gateway of its own zone', () => {
    expect(idsOf(network, 'AWS::EC2::RouteTable')).toHaveLength(4);
    for (const n of number) {
      expect(properties(network, `PrivateSubnet${n}RouteTableAssociation`)).toEqual({
        RouteTableId: { Ref: `PrivateRouteTable${n}` },
        SubnetId: { Ref: `PrivateSubnet${n}` },
      });
      expect(properties(network, `PrivateDefaultRoute${n}`)).toEqual({
        DestinationCidrBlock: '0.0.0.0/0',
        NatGatewayId: { Ref: `NatGateway${n}` },
        RouteTableId: { Ref: `PrivateRouteTable${n}` },
      });
      expect(properties(network, `NatGateway${n}`)).toMatchObject({
        AllocationId: { 'Fn::GetAtt': [`NatAddress${n}`, 'AllocationId'] },
        SubnetId: { Ref: `PublicSubnet${n}` },
      });
    }
  });

  test('with a single NAT gateway every private subnet leaves through it', () => {
    const single = template('network', { 'network.nat': 'single' });
    expect(idsOf(single, 'AWS::EC2::NatGateway')).toEqual(['NatGateway1']);
    expect(idsOf(single, 'AWS::EC2::EIP')).toEqual(['NatAddress1']);
    for (const n of number) {
      expect(properties(single, `PrivateDefaultRoute${n}`)['NatGatewayId']).toEqual({ Ref: 'NatGateway1' });
    }
  });
});

describe('endpoints', () => {
  test('S3 by a gateway endpoint in every route table', () => {
    expect(properties(network, 'S3Endpoint')).toMatchObject({
      VpcEndpointType: 'Gateway',
      ServiceName: { 'Fn::Sub': `com.amazonaws.\${AWS::Region}.s3` },
      RouteTableIds: ['PublicRouteTable', ...number.map((n) => `PrivateRouteTable${n}`)].map((id) => ({ Ref: id })),
    });
    expect(idsOf(network, 'AWS::EC2::VPCEndpoint')).toEqual(['S3Endpoint']);
  });

  test('Systems Manager by interface endpoints when asked for, open to nodes and bastion only', () => {
    const own = template('network', { 'network.ssmEndpoints': true });
    for (const id of ['SsmEndpoint', 'SsmMessagesEndpoint', 'Ec2MessagesEndpoint']) {
      expect(properties(own, id)).toMatchObject({
        VpcEndpointType: 'Interface',
        PrivateDnsEnabled: true,
        SecurityGroupIds: [{ 'Fn::GetAtt': ['EndpointSecurityGroup', 'GroupId'] }],
        SubnetIds: number.map((n) => ({ Ref: `PrivateSubnet${n}` })),
      });
    }
    expect(properties(own, 'EndpointSecurityGroup')['SecurityGroupIngress']).toMatchObject(
      ['InstanceSecurityGroup', 'BastionSecurityGroup'].map((id) => ({
        FromPort: 443,
        ToPort: 443,
        SourceSecurityGroupId: { 'Fn::GetAtt': [id, 'GroupId'] },
      })),
    );
  });
});

test('flow logs of all traffic, kept for the days of the document', () => {
  expect(properties(network, 'FlowLog')).toMatchObject({
    ResourceId: { Ref: 'Vpc' },
    TrafficType: 'ALL',
    LogGroupName: { Ref: 'FlowLogGroup' },
    DeliverLogsPermissionArn: { 'Fn::GetAtt': ['FlowLogRole', 'Arn'] },
  });
  expect(resource(template('network', { 'network.flowLogDays': 90 }), 'FlowLogGroup')).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: { RetentionInDays: 90 },
  });
});

describe('hosted zone', () => {
  test('created with the name of the host, kept for ever, its name servers an output', () => {
    expect(resource(network, 'HostedZone')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { Name: 'cloud.example.com' },
    });
    expect(network.Outputs?.['HostedZoneNameServers']?.Value).toEqual({
      'Fn::Join': [',', { 'Fn::GetAtt': ['HostedZone', 'NameServers'] }],
    });
  });

  test('created with the name of the zone, when the document gives one', () => {
    const own = template('network', { 'dns.zoneName': 'example.com' });
    expect(properties(own, 'HostedZone')['Name']).toBe('example.com');
  });

  test('not created when it exists already', () => {
    const own = template('network', { 'dns.hostedZone': 'Z0123456789ABCDEFGHIJ' });
    expect(idsOf(own, 'AWS::Route53::HostedZone')).toEqual([]);
    expect(own.Outputs).not.toHaveProperty('HostedZoneNameServers');
  });
});
