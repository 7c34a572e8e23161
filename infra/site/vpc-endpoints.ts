import { type CfnVPC, CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Fn } from 'aws-cdk-lib/core';
import type { LayerStack } from './layer-stack.ts';
import { addEndpointSecurityGroup } from './security-groups.ts';

/** What the endpoints are attached to. */
export interface EndpointTargets {
  readonly routeTables: string[];
  readonly subnets: string[];
  /** Security groups that may use the interface endpoints. */
  readonly clients: readonly string[];
}

/**
 * S3 without NAT charges always; Systems Manager without the Internet when the document asks for it (three interface endpoints, about 66 USD a
 * month in three zones). https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
 */
export function addEndpoints(stack: LayerStack, vpc: CfnVPC, targets: EndpointTargets): void {
  new CfnVPCEndpoint(stack, 'S3Endpoint', {
    vpcId: vpc.ref,
    vpcEndpointType: 'Gateway',
    serviceName: serviceName('s3'),
    routeTableIds: targets.routeTables,
  });
  if (!stack.site.network.ssmEndpoints) return;
  const group = addEndpointSecurityGroup(stack, vpc, targets.clients);
  for (const [id, service] of Object.entries({
    SsmEndpoint: 'ssm',
    SsmMessagesEndpoint: 'ssmmessages',
    Ec2MessagesEndpoint: 'ec2messages',
  })) {
    new CfnVPCEndpoint(stack, id, {
      vpcId: vpc.ref,
      vpcEndpointType: 'Interface',
      serviceName: serviceName(service),
      subnetIds: targets.subnets,
      securityGroupIds: [group],
      privateDnsEnabled: true,
    });
  }
}

function serviceName(service: string): string {
  return Fn.sub(`com.amazonaws.\${AWS::Region}.${service}`);
}
