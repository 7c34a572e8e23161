import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { type App, CfnWaitConditionHandle } from 'aws-cdk-lib/core';
import { architectureOf } from '../../desired-state/architecture.ts';
import type { Site } from '../../desired-state/site.ts';
import { instanceProfile, sessionManagerStatements, siteRole } from './iam.ts';
import { LayerStack } from './layer-stack.ts';
import { nameTag } from './tags.ts';

/** Amazon Linux 2023 as AWS publishes it; it brings the SSM agent and EC2 Instance Connect. */
function amazonLinux(instanceType: string): string {
  const architecture = architectureOf(instanceType) ?? 'arm64';
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
}

/**
 * The access layer: a bastion in a public subnet. Without it the stack keeps one handle that does nothing and costs nothing, since a template
 * needs a resource and the controller deletes no stack.
 */
export function accessLayer(app: App, site: Site): LayerStack {
  const stack = new LayerStack(app, site, 'access', `Access to the Nextcloud site ${site.name}`);
  if (site.access.bastion.enabled) addBastion(stack);
  else new CfnWaitConditionHandle(stack, 'Disabled');
  return stack;
}

function addBastion(stack: LayerStack): void {
  const { site } = stack;
  const { instanceType, keyName } = site.access.bastion;
  const role = siteRole(stack, {
    id: 'BastionRole',
    description: `Bastion of the Nextcloud site ${site.name}`,
    service: 'ec2.amazonaws.com',
    policies: { 'session-manager': sessionManagerStatements() },
  });
  const bastion = new CfnInstance(stack, 'Bastion', {
    // Resolved at creation and when a commit changes this layer: a new image of AWS alone must not replace a machine that people are on.
    imageId: stack.fromImage('BastionImageId', amazonLinux(instanceType), 'pinned-image', 'AMI of the bastion'),
    instanceType,
    iamInstanceProfile: instanceProfile(stack, 'BastionProfile', role).ref,
    ...(keyName === undefined ? {} : { keyName }),
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    monitoring: true,
    networkInterfaces: [
      {
        deviceIndex: '0',
        associatePublicIpAddress: true,
        subnetId: stack.fromOutput('network', 'PublicSubnet1Id', 'Public subnet in zone 1'),
        groupSet: [stack.fromOutput('network', 'BastionSecurityGroupId', "Id of the bastion's security group")],
      },
    ],
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: { encrypted: true, volumeType: 'gp3', volumeSize: 8, deleteOnTermination: true },
      },
    ],
    propagateTagsToVolumeOnCreation: true,
    tags: nameTag(site, 'bastion'),
  });
  stack.output('BastionInstanceId', bastion.ref, 'Id of the bastion, for Session Manager');
  stack.output('BastionPublicIp', bastion.attrPublicIp, 'Public address of the bastion');
}
