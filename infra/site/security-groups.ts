import { CfnSecurityGroup, type CfnVPC } from 'aws-cdk-lib/aws-ec2';
import type { Site } from '../../desired-state/site.ts';
import { subnetsOf } from '../../desired-state/subnets.ts';
import type { LayerStack } from './layer-stack.ts';
import { nameTag } from './tags.ts';

type Ingress = CfnSecurityGroup.IngressProperty;
type Egress = CfnSecurityGroup.EgressProperty;

/**
 * A group without an egress list may send everything. This rule, from the CloudFormation page of AWS::EC2::SecurityGroup ("Remove the default
 * rule"), leaves it nothing: what only answers needs no way out.
 */
const noEgress: Egress[] = [{ ipProtocol: '-1', cidrIp: '127.0.0.1/32', description: 'No way out' }];

/** Ids of the groups that others in this layer name. */
export interface SecurityGroups {
  readonly instance: string;
  readonly bastion: string;
}

/**
 * All security groups of a site. Ingress is inline and by group, so that drift sees a rule added by hand; egress is inline and by CIDR, never
 * by group: two groups that name each other are a cycle that CloudFormation refuses.
 */
export function addSecurityGroups(stack: LayerStack, vpc: CfnVPC): SecurityGroups {
  const { site } = stack;
  const privateSubnets = subnetsOf(site.network).private;
  const group = (id: string, part: string, description: string, ingress: Ingress[], egress: Egress[]): string => {
    const securityGroup = new CfnSecurityGroup(stack, id, {
      vpcId: vpc.ref,
      groupDescription: description,
      securityGroupIngress: ingress,
      securityGroupEgress: egress,
      tags: nameTag(site, part),
    });
    stack.output(`${id}Id`, securityGroup.attrGroupId, description);
    return securityGroup.attrGroupId;
  };

  const loadBalancer = group(
    'LoadBalancerSecurityGroup',
    'load-balancer',
    'Load balancer: HTTP and HTTPS from the Internet',
    [80, 443].flatMap((port) => fromInternet(port)),
    privateSubnets.map((cidr) => toCidr(cidr, 80, 'Nodes')),
  );
  const bastion = group(
    'BastionSecurityGroup',
    'bastion',
    'Bastion: SSH from the allowed networks',
    bastionIngress(site),
    [
      toCidr('0.0.0.0/0', 443, 'Updates and Session Manager'),
      ...privateSubnets.map((cidr) => toCidr(cidr, 22, 'Nodes')),
    ],
  );
  const instance = group(
    'InstanceSecurityGroup',
    'instance',
    'Nodes: web from the load balancer, SSH from the bastion',
    [
      fromGroup(loadBalancer, 80, 'Web from the load balancer'),
      fromGroup(loadBalancer, 443, 'Web from the load balancer'),
      fromGroup(bastion, 22, 'SSH from the bastion'),
    ],
    [
      toCidr('0.0.0.0/0', 443, 'AWS, updates and packages'),
      ...privateSubnets.flatMap((cidr) => [
        toCidr(cidr, 3306, 'Database'),
        toCidr(cidr, 2049, 'File system'),
        toCidr(cidr, 6379, 'Cache'),
      ]),
    ],
  );
  group(
    'DatabaseSecurityGroup',
    'database',
    'Database: MySQL from nodes',
    [fromGroup(instance, 3306, 'MySQL from nodes')],
    noEgress,
  );
  group(
    'FileSystemSecurityGroup',
    'file-system',
    'File system: NFS from nodes',
    [fromGroup(instance, 2049, 'NFS from nodes')],
    noEgress,
  );
  group(
    'CacheSecurityGroup',
    'cache',
    'Cache: Redis from nodes',
    [fromGroup(instance, 6379, 'Redis from nodes')],
    noEgress,
  );
  return { instance, bastion };
}

/** A group for interface endpoints, which accept HTTPS from the given groups. */
export function addEndpointSecurityGroup(stack: LayerStack, vpc: CfnVPC, clients: readonly string[]): string {
  return new CfnSecurityGroup(stack, 'EndpointSecurityGroup', {
    vpcId: vpc.ref,
    groupDescription: 'Interface endpoints: HTTPS from nodes and bastion',
    securityGroupIngress: clients.map((client) => fromGroup(client, 443, 'HTTPS to AWS')),
    securityGroupEgress: noEgress,
    tags: nameTag(stack.site, 'endpoint'),
  }).attrGroupId;
}

function bastionIngress(site: Site): Ingress[] {
  if (!site.access.bastion.enabled) return [];
  return site.access.bastion.allowedCidrs.map((cidr) => ({
    ...tcp(22, 'SSH from an allowed network'),
    ...(cidr.includes(':') ? { cidrIpv6: cidr } : { cidrIp: cidr }),
  }));
}

function fromInternet(port: number): Ingress[] {
  return [
    { ...tcp(port, 'Internet'), cidrIp: '0.0.0.0/0' },
    { ...tcp(port, 'Internet'), cidrIpv6: '::/0' },
  ];
}

function fromGroup(sourceSecurityGroupId: string, port: number, description: string): Ingress {
  return { ...tcp(port, description), sourceSecurityGroupId };
}

function toCidr(cidrIp: string, port: number, description: string): Egress {
  return { ...tcp(port, description), cidrIp };
}

function tcp(port: number, description: string) {
  return { ipProtocol: 'tcp', fromPort: port, toPort: port, description };
}
