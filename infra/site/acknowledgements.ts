import { Validations } from 'aws-cdk-lib/core';
import type { LayerName } from '../../desired-state/rendered.ts';
import type { LayerStack } from './layer-stack.ts';

/** A finding of cdk-nag's AwsSolutions pack that stays, and why. */
interface Acknowledgement {
  readonly layer: LayerName;
  /** Logical ids; those that a site does not have are passed over. */
  readonly resources: readonly string[];
  /** Rule, with the finding in brackets where a rule has several. */
  readonly rule: string;
  readonly reason: string;
}

const wildcardOfOneService = (resource: string): string => `AwsSolutions-IAM5[Resource::${resource}]`;
const anyInstance = 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/*';
const managedBackupPolicy = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup';

/** Every finding that stays. A test fails when one is not here, and when one here is no longer found. */
export const acknowledgements: readonly Acknowledgement[] = [
  {
    layer: 'network',
    resources: ['LoadBalancerSecurityGroup'],
    rule: 'AwsSolutions-EC23',
    reason:
      'A public site: the load balancer is the one thing that the Internet may reach, on 80 (which redirects) and 443.',
  },
  {
    layer: 'data',
    resources: ['DatabaseAdminSecret', 'DatabaseApplicationSecret', 'CacheSecret'],
    rule: 'AwsSolutions-SMG4',
    reason:
      'Rotation changes the value while the database, the cache and the running nodes keep the old one. Replacing a password is a procedure.',
  },
  {
    layer: 'data',
    resources: ['InstallationSecret'],
    rule: 'AwsSolutions-SMG4',
    reason: 'Identity and salts of the installation: another value makes the existing data unreadable.',
  },
  {
    layer: 'data',
    resources: ['Database'],
    rule: 'AwsSolutions-RDS11',
    reason: 'Only the nodes reach the database, by their security group; another port hides it from nobody.',
  },
  {
    layer: 'data',
    resources: ['Database'],
    rule: 'AwsSolutions-RDS3',
    reason: 'The document decides (database.multiAz); a small site may choose one zone.',
  },
  {
    layer: 'data',
    resources: ['Database'],
    rule: 'AwsSolutions-RDS10',
    reason: 'The document decides (database.deletionProtection), and turning it off is a gated change.',
  },
  {
    layer: 'data',
    resources: ['Cache'],
    rule: 'AwsSolutions-AEC4',
    reason: 'The document decides (cache.nodes); a small site may choose one node.',
  },
  {
    layer: 'data',
    resources: ['SiteBucket'],
    rule: 'AwsSolutions-S1',
    reason: 'Only nodes reach it, by their role; who needs a trail of objects turns on data events for the account.',
  },
  {
    layer: 'data',
    resources: ['BackupRole'],
    rule: `AwsSolutions-IAM4[Policy::${managedBackupPolicy}]`,
    reason:
      'AWS keeps what its backup service needs in this policy; the permissions boundary keeps it to this product.',
  },
  {
    layer: 'web',
    resources: ['LogBucket'],
    rule: 'AwsSolutions-S1',
    reason: 'It holds access logs: logging the delivery of logs would feed itself.',
  },
  {
    layer: 'web',
    resources: ['InstanceRole'],
    rule: wildcardOfOneService('*'),
    reason: 'The channels of Systems Manager and PutMetricData know no resource; the latter is kept to one namespace.',
  },
  {
    layer: 'web',
    resources: ['InstanceRole'],
    rule: wildcardOfOneService(anyInstance),
    reason: 'A node reports itself to Systems Manager; ids of instances that a group starts are not known beforehand.',
  },
  {
    layer: 'web',
    resources: ['InstanceRole'],
    rule: wildcardOfOneService('arn:<AWS::Partition>:s3:::<SiteBucketName>/nodes/*'),
    reason: 'The objects below the prefix that belongs to the nodes.',
  },
  {
    layer: 'web',
    resources: ['AutoScalingGroup'],
    rule: 'AwsSolutions-AS3',
    reason:
      'Launches and terminations reach the controller as events and its notifications as status; a second mail says no more.',
  },
  {
    layer: 'access',
    resources: ['BastionRole'],
    rule: wildcardOfOneService('*'),
    reason: 'The channels of Systems Manager know no resource.',
  },
  {
    layer: 'access',
    resources: ['BastionRole'],
    rule: wildcardOfOneService(anyInstance),
    reason: 'A bastion reports itself to Systems Manager; its id is not known before it exists.',
  },
  {
    layer: 'access',
    resources: ['Bastion'],
    rule: 'AwsSolutions-EC29',
    reason: 'It holds nothing, and turning it off in the document must be able to remove it.',
  },
];

/** Records the acknowledgements on the constructs of a site; they do not show in its templates. */
export function acknowledge(stack: LayerStack): void {
  for (const { layer, resources, rule, reason } of acknowledgements) {
    if (layer !== stack.layer) continue;
    for (const id of resources) {
      const resource = stack.node.tryFindChild(id);
      if (resource !== undefined) Validations.of(resource).acknowledge({ id: rule, reason });
    }
  }
}
