import {
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2';
import { type App, Fn } from 'aws-cdk-lib/core';
import type { Site } from '../../desired-state/site.ts';
import { subnetsOf } from '../../desired-state/subnets.ts';
import { addFlowLog } from './flow-log.ts';
import { addHostedZone } from './hosted-zone.ts';
import { LayerStack } from './layer-stack.ts';
import { addSecurityGroups } from './security-groups.ts';
import { nameTag } from './tags.ts';
import { addEndpoints } from './vpc-endpoints.ts';

const everywhere = '0.0.0.0/0';

/** The network layer: VPC, subnets, routes, NAT, endpoints, flow logs, all security groups, and the hosted zone when we create it. */
export function networkLayer(app: App, site: Site): LayerStack {
  const stack = new LayerStack(app, site, 'network', `Network of the Nextcloud site ${site.name}`);
  const vpc = new CfnVPC(stack, 'Vpc', {
    cidrBlock: site.network.cidr,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: nameTag(site, 'vpc'),
  });
  const internet = addInternetGateway(stack, vpc);
  const publicTable = addPublicRouteTable(stack, vpc, internet);
  const zones = site.network.availabilityZones.map((zone, index) => addZone(stack, vpc, publicTable, zone, index));
  addNatRoutes(stack, internet, zones);

  const groups = addSecurityGroups(stack, vpc);
  addEndpoints(stack, vpc, {
    routeTables: [publicTable.ref, ...zones.map((zone) => zone.privateTable.ref)],
    subnets: zones.map((zone) => zone.privateSubnet.ref),
    clients: [groups.instance, groups.bastion],
  });
  addFlowLog(stack, vpc);
  addHostedZone(stack);

  stack.output('VpcId', vpc.ref, 'Id of the VPC');
  for (const [index, zone] of zones.entries()) {
    stack.output(`PublicSubnet${index + 1}Id`, zone.publicSubnet.ref, `Public subnet in zone ${index + 1}`);
    stack.output(`PrivateSubnet${index + 1}Id`, zone.privateSubnet.ref, `Private subnet in zone ${index + 1}`);
  }
  return stack;
}

interface Zone {
  readonly publicSubnet: CfnSubnet;
  readonly privateSubnet: CfnSubnet;
  readonly privateTable: CfnRouteTable;
}

function addInternetGateway(stack: LayerStack, vpc: CfnVPC): CfnVPCGatewayAttachment {
  const gateway = new CfnInternetGateway(stack, 'InternetGateway', { tags: nameTag(stack.site, 'internet') });
  return new CfnVPCGatewayAttachment(stack, 'InternetGatewayAttachment', {
    vpcId: vpc.ref,
    internetGatewayId: gateway.ref,
  });
}

function addPublicRouteTable(stack: LayerStack, vpc: CfnVPC, internet: CfnVPCGatewayAttachment): CfnRouteTable {
  const table = new CfnRouteTable(stack, 'PublicRouteTable', { vpcId: vpc.ref, tags: nameTag(stack.site, 'public') });
  const route = new CfnRoute(stack, 'PublicDefaultRoute', {
    routeTableId: table.ref,
    destinationCidrBlock: everywhere,
    gatewayId: Fn.ref('InternetGateway'),
  });
  // A route to a gateway that is not attached yet is refused.
  route.addResourceDependency(internet);
  return table;
}

function addZone(stack: LayerStack, vpc: CfnVPC, publicTable: CfnRouteTable, zone: string, index: number): Zone {
  const number = index + 1;
  const blocks = subnetsOf(stack.site.network);
  const subnet = (kind: 'Public' | 'Private', cidrBlock: string) =>
    new CfnSubnet(stack, `${kind}Subnet${number}`, {
      vpcId: vpc.ref,
      availabilityZone: zone,
      cidrBlock,
      // Who needs a public address (NAT, load balancer, bastion) asks for it.
      mapPublicIpOnLaunch: false,
      tags: nameTag(stack.site, `${kind.toLowerCase()}-${number}`),
    });
  const publicSubnet = subnet('Public', blocks.public[index] ?? '');
  const privateSubnet = subnet('Private', blocks.private[index] ?? '');
  const privateTable = new CfnRouteTable(stack, `PrivateRouteTable${number}`, {
    vpcId: vpc.ref,
    tags: nameTag(stack.site, `private-${number}`),
  });
  associate(stack, `PublicSubnet${number}RouteTableAssociation`, publicSubnet, publicTable);
  associate(stack, `PrivateSubnet${number}RouteTableAssociation`, privateSubnet, privateTable);
  return { publicSubnet, privateSubnet, privateTable };
}

function associate(stack: LayerStack, id: string, subnet: CfnSubnet, table: CfnRouteTable): void {
  new CfnSubnetRouteTableAssociation(stack, id, { subnetId: subnet.ref, routeTableId: table.ref });
}

/** With `zone` each private subnet leaves through the NAT gateway of its own zone, with `single` all through the first. */
function addNatRoutes(stack: LayerStack, internet: CfnVPCGatewayAttachment, zones: readonly Zone[]): void {
  const count = stack.site.network.nat === 'zone' ? zones.length : 1;
  const gateways = zones.slice(0, count).map((zone, index) => addNatGateway(stack, internet, zone, index + 1));
  for (const [index, zone] of zones.entries()) {
    const gateway = gateways[index % count];
    new CfnRoute(stack, `PrivateDefaultRoute${index + 1}`, {
      routeTableId: zone.privateTable.ref,
      destinationCidrBlock: everywhere,
      ...(gateway === undefined ? {} : { natGatewayId: gateway.ref }),
    });
  }
}

function addNatGateway(
  stack: LayerStack,
  internet: CfnVPCGatewayAttachment,
  zone: Zone,
  number: number,
): CfnNatGateway {
  const address = new CfnEIP(stack, `NatAddress${number}`, {
    domain: 'vpc',
    tags: nameTag(stack.site, `nat-${number}`),
  });
  // An address needs the gateway's attachment (User Guide of AWS::EC2::EIP), and a NAT gateway without a way out fails.
  address.addResourceDependency(internet);
  const gateway = new CfnNatGateway(stack, `NatGateway${number}`, {
    subnetId: zone.publicSubnet.ref,
    allocationId: address.attrAllocationId,
    tags: nameTag(stack.site, `nat-${number}`),
  });
  gateway.addResourceDependency(internet);
  return gateway;
}
