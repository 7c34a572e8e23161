import { CfnAccessPoint, CfnFileSystem, CfnMountTarget } from 'aws-cdk-lib/aws-efs';
import { controllerOutputs } from '../../desired-state/rendered.ts';
import type { Site } from '../../desired-state/site.ts';
import { iamArn, regionalArn } from './arn.ts';
import type { DataInputs } from './data.ts';
import { policyDocument } from './iam.ts';
import { instanceRoleArn } from './instance-role-name.ts';
import type { LayerStack } from './layer-stack.ts';
import { retain } from './protection.ts';
import { nameTag } from './tags.ts';

/** User and group of the web server on every node and of every file below the access point. */
const webUserId = 33;

/** Nextcloud's data directory: EFS with a mount target a zone and one access point. */
export function addFileSystem(stack: LayerStack, inputs: DataInputs): CfnFileSystem {
  const { site } = stack;
  const fileSystem = new CfnFileSystem(stack, 'FileSystem', {
    encrypted: true,
    performanceMode: 'generalPurpose',
    throughputMode: site.storage.throughputMode,
    lifecyclePolicies: lifecyclePolicies(site),
    // The backup plan does it, with the document's own schedule and days.
    backupPolicy: { status: 'DISABLED' },
    fileSystemPolicy: fileSystemPolicy(site),
    fileSystemTags: nameTag(site, 'data'),
  });
  retain(fileSystem);
  for (const [index, subnetId] of inputs.privateSubnets.entries()) {
    new CfnMountTarget(stack, `MountTarget${index + 1}`, {
      fileSystemId: fileSystem.ref,
      subnetId,
      securityGroups: [inputs.fileSystemSecurityGroup],
    });
  }
  const accessPoint = new CfnAccessPoint(stack, 'AccessPoint', {
    fileSystemId: fileSystem.ref,
    posixUser: { uid: String(webUserId), gid: String(webUserId) },
    rootDirectory: {
      path: '/nextcloud',
      creationInfo: { ownerUid: String(webUserId), ownerGid: String(webUserId), permissions: '0750' },
    },
    accessPointTags: nameTag(site, 'data'),
  });
  retain(accessPoint);

  stack.output(controllerOutputs.fileSystemId, fileSystem.ref, 'Id of the file system');
  stack.output('FileSystemArn', fileSystem.attrArn, 'ARN of the file system');
  stack.output('AccessPointId', accessPoint.ref, 'Id of the access point');
  stack.output('AccessPointArn', accessPoint.attrArn, 'ARN of the access point');
  return fileSystem;
}

/** Two policies, each in an element of its own, as EFS wants them; none with 0 days. */
function lifecyclePolicies(site: Site): CfnFileSystem.LifecyclePolicyProperty[] {
  const days = site.storage.lifecycleDays;
  if (days === 0) return [];
  return [
    { transitionToIa: days === 1 ? 'AFTER_1_DAY' : `AFTER_${days}_DAYS` },
    { transitionToPrimaryStorageClass: 'AFTER_1_ACCESS' },
  ];
}

/**
 * Only nodes, only through an access point, only with TLS. A policy with only a Deny locks everyone out, so there is an Allow; naming the
 * account (and not everyone) makes the node's own role policy a second lock, which names this very access point: here it can't be named, since
 * it is made from the file system. https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
function fileSystemPolicy(site: Site) {
  return policyDocument(
    {
      Sid: 'NodesThroughAnAccessPoint',
      Effect: 'Allow',
      Principal: { AWS: iamArn('root') },
      Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': instanceRoleArn(site) },
        ArnLike: { 'elasticfilesystem:AccessPointArn': regionalArn('elasticfilesystem', 'access-point/*') },
      },
    },
    {
      Sid: 'NoTrafficWithoutTls',
      Effect: 'Deny',
      Principal: '*',
      Action: 'elasticfilesystem:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  );
}
