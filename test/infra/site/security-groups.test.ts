import { describe, expect, test } from 'vitest';
import { idsOf, properties, type Template, template } from './template.ts';

interface Rule {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
  readonly SourceSecurityGroupId?: { readonly 'Fn::GetAtt': readonly [string, string] };
}

/** A rule as `tcp 443 from LoadBalancerSecurityGroup`. */
function words(rule: Rule): string {
  const peer = rule.SourceSecurityGroupId?.['Fn::GetAtt'][0] ?? rule.CidrIp ?? rule.CidrIpv6;
  const port = rule.FromPort === rule.ToPort ? rule.FromPort : `${rule.FromPort}-${rule.ToPort}`;
  return rule.IpProtocol === '-1' ? `all ${peer}` : `${rule.IpProtocol} ${port} ${peer}`;
}

const rules = (of: Template, id: string, direction: 'Ingress' | 'Egress'): string[] =>
  (properties(of, id)[`SecurityGroup${direction}`] as readonly Rule[]).map(words);

const network = template('network');
const privateSubnets = ['10.20.128.0/20', '10.20.144.0/20', '10.20.160.0/20'];

describe('ingress: this and nothing else', () => {
  const cases: Record<string, { why: string; ingress: string[] }> = {
    LoadBalancerSecurityGroup: {
      why: 'the Internet reaches the load balancer on 80 and 443',
      ingress: ['tcp 80 0.0.0.0/0', 'tcp 80 ::/0', 'tcp 443 0.0.0.0/0', 'tcp 443 ::/0'],
    },
    InstanceSecurityGroup: {
      why: 'nodes hear the load balancer, and SSH from the bastion',
      ingress: ['tcp 80 LoadBalancerSecurityGroup', 'tcp 443 LoadBalancerSecurityGroup', 'tcp 22 BastionSecurityGroup'],
    },
    DatabaseSecurityGroup: { why: 'MySQL from nodes only', ingress: ['tcp 3306 InstanceSecurityGroup'] },
    FileSystemSecurityGroup: { why: 'NFS from nodes only', ingress: ['tcp 2049 InstanceSecurityGroup'] },
    CacheSecurityGroup: { why: 'Redis from nodes only', ingress: ['tcp 6379 InstanceSecurityGroup'] },
    BastionSecurityGroup: { why: 'SSH from the allowed networks only', ingress: ['tcp 22 203.0.113.0/24'] },
  };

  test.each(Object.entries(cases))('%s', (id, { ingress }) => {
    expect(rules(network, id, 'Ingress')).toEqual(ingress);
  });

  test('no other security group, and no rule outside of its group', () => {
    expect(idsOf(network, 'AWS::EC2::SecurityGroup').sort()).toEqual(Object.keys(cases).sort());
    expect(idsOf(network, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(idsOf(network, 'AWS::EC2::SecurityGroupEgress')).toEqual([]);
  });

  test('without a bastion nobody may speak SSH to its group, which stays', () => {
    const off = template('network', { 'access.bastion': { enabled: false } });
    expect(rules(off, 'BastionSecurityGroup', 'Ingress')).toEqual([]);
  });
});

describe('egress by block, never by group', () => {
  test('the load balancer reaches nodes only', () => {
    expect(rules(network, 'LoadBalancerSecurityGroup', 'Egress')).toEqual(
      privateSubnets.map((cidr) => `tcp 80 ${cidr}`),
    );
  });

  test('nodes reach HTTPS everywhere, and database, files and cache in the private subnets', () => {
    expect(rules(network, 'InstanceSecurityGroup', 'Egress')).toEqual([
      'tcp 443 0.0.0.0/0',
      ...privateSubnets.flatMap((cidr) => [`tcp 3306 ${cidr}`, `tcp 2049 ${cidr}`, `tcp 6379 ${cidr}`]),
    ]);
  });

  test('the bastion reaches HTTPS everywhere and nodes by SSH', () => {
    expect(rules(network, 'BastionSecurityGroup', 'Egress')).toEqual([
      'tcp 443 0.0.0.0/0',
      ...privateSubnets.map((cidr) => `tcp 22 ${cidr}`),
    ]);
  });

  test.each(['DatabaseSecurityGroup', 'FileSystemSecurityGroup', 'CacheSecurityGroup'])('%s has no way out', (id) => {
    expect(rules(network, id, 'Egress')).toEqual(['all 127.0.0.1/32']);
  });

  test('no egress names a group', () => {
    for (const id of idsOf(network, 'AWS::EC2::SecurityGroup')) {
      expect(JSON.stringify(properties(network, id)['SecurityGroupEgress'])).not.toContain('GroupId');
    }
  });
});
