import { createHash } from 'node:crypto';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import type { CfnInstanceProfile } from 'aws-cdk-lib/aws-iam';
import { Fn } from 'aws-cdk-lib/core';
import { controllerOutputs } from '../../desired-state/rendered.ts';
import { userData } from '../../instance/user-data.ts';
import { tagKeys } from '../names.ts';
import { canonicalJson } from './canonical-json.ts';
import type { LayerStack } from './layer-stack.ts';
import { nodeParameterNames } from './node-parameters.ts';
import { nameTag } from './tags.ts';
import type { WebInputs } from './web.ts';

/**
 * How a node is launched. Its text depends on the document alone, and on all of it that a node's configuration is made from: a changed setting is
 * a new version, and so a rollout. A key pair is optional: Session Manager and EC2 Instance Connect need none.
 */
export function addLaunchTemplate(
  stack: LayerStack,
  inputs: WebInputs,
  profile: CfnInstanceProfile,
): CfnLaunchTemplate {
  const { site } = stack;
  const { keyName } = site.access.bastion;
  const tags = [
    ...nameTag(site, 'node'),
    { key: tagKeys.site, value: site.name },
    { key: tagKeys.layer, value: stack.layer },
  ];
  const template = new CfnLaunchTemplate(stack, 'LaunchTemplate', {
    launchTemplateData: {
      imageId: stack.fromImage('ImageId', site.compute.image, 'image', 'AMI of the nodes'),
      instanceType: site.compute.instanceType,
      iamInstanceProfile: { arn: profile.attrArn },
      securityGroupIds: [inputs.instanceSecurityGroup],
      ...(keyName === undefined ? {} : { keyName }),
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          // The account's own key for EBS: a customer key would need a grant to Auto Scaling's role.
          ebs: {
            encrypted: true,
            volumeType: 'gp3',
            volumeSize: site.compute.rootVolumeGib,
            deleteOnTermination: true,
          },
        },
      ],
      userData: Fn.base64(nodeUserData(stack)),
      tagSpecifications: [
        { resourceType: 'instance', tags },
        { resourceType: 'volume', tags },
      ],
    },
  });
  stack.output(controllerOutputs.launchTemplateId, template.ref, 'Id of the launch template');
  stack.output(
    controllerOutputs.launchTemplateVersion,
    template.attrLatestVersionNumber,
    "Version of the launch template that the group's new instances use",
  );
  return template;
}

function nodeUserData(stack: LayerStack): string {
  const { site } = stack;
  const names = nodeParameterNames(site.name);
  const configured = {
    host: site.dns.host,
    network: site.network.cidr,
    nextcloud: site.nextcloud,
    database: site.database.name,
  };
  return userData({
    nodeParameter: names.node,
    agentParameter: names.agent,
    phpFpmChildren: site.compute.phpFpmChildren,
    cronIntervalMinutes: site.nextcloud.cron.intervalMinutes,
    configurationDigest: createHash('sha256').update(canonicalJson(configured)).digest('hex').slice(0, 16),
  });
}
