/**
 * Names that the controller's stack and the sites' templates agree on: the execution role, the boundary and the functions' permissions are
 * scoped by them, so changing one is a migration, not an edit.
 */

/** Every stack of a site is `nextcloud-site-<site>-<layer>`; the controller may call CloudFormation on these only. */
export const stackPrefix = 'nextcloud-site-';

/** Tag keys on each stack of a site, which CloudFormation passes on to its resources. */
export const tagKeys = {
  site: 'nextcloud-gitops:site',
  layer: 'nextcloud-gitops:layer',
} as const;

/** Path of every IAM role, instance profile and policy of this product; the execution role may write IAM below it only. */
export const iamPath = '/nextcloud-gitops/';

/** Name of the managed policy, made by the controller's stack below `iamPath`, that bounds every role of a site. */
export const boundaryPolicyName = 'nextcloud-site-boundary';

/** The boundary as the last part of its ARN: `arn:<partition>:iam::<account>:policy/nextcloud-gitops/nextcloud-site-boundary`. */
export const boundaryResource = `policy${iamPath}${boundaryPolicyName}`;

/** SSM parameters of a site are below `<prefix>/<site>/`. */
export const parameterPrefix = '/nextcloud-gitops/sites';

/** Namespace of the metrics that a node publishes; its role may publish into no other. */
export const nodeMetricsNamespace = 'NextcloudGitops/Node';

/** Lifecycle hooks of every group of ours. */
export const lifecycleHookNames = {
  launch: 'nextcloud-launch',
  terminate: 'nextcloud-terminate',
} as const;
