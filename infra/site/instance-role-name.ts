import { Fn } from 'aws-cdk-lib/core';
import type { Site } from '../../desired-state/site.ts';
import { iamPath, stackPrefix } from '../names.ts';
import { iamArn } from './arn.ts';

/**
 * The nodes' role has a name of its own, because the file system's policy, in an earlier layer, must name it. It carries the region: role names
 * are the account's, and a site of the same name may live in another region.
 */
export function instanceRoleName(site: Site): string {
  return Fn.sub(nameWithRegion(site));
}

/** The role's ARN, for policies of earlier layers. */
export function instanceRoleArn(site: Site): string {
  return iamArn(`role${iamPath}${nameWithRegion(site)}`);
}

function nameWithRegion(site: Site): string {
  return `${stackPrefix}${site.name}-\${AWS::Region}-node`;
}
