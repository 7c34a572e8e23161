import { CfnDeletionPolicy, type CfnResource } from 'aws-cdk-lib/core';

/** Neither deleting the stack nor replacing the resource takes what it holds. */
export function retain(resource: CfnResource): void {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}

/** Deleting the stack or replacing the resource takes a last snapshot first. */
export function snapshot(resource: CfnResource): void {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.SNAPSHOT;
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.SNAPSHOT;
}
