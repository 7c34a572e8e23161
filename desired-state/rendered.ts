import type { Site } from './site.ts';

/**
 * What render makes of a document and reconcile reads: the contract between the two, and the files below
 * `rendered/<site>/<version id>.<renderer version>/`: `manifest.json` (this type without the template bodies) and one
 * `<layer>.template.json` a layer.
 */
export interface RenderedSite {
  /** Version of this format; the previous one stays readable. */
  readonly formatVersion: 1;
  /** Digest of the renderer's own code: a new controller renders anew. */
  readonly rendererVersion: string;
  /** The normalised document. */
  readonly site: Site;
  /** In the order in which they are applied; removed from in reverse. */
  readonly layers: readonly RenderedLayer[];
  /** SHA-256 (hex) over all templates, parameter sources and the normalised document. */
  readonly renderedDigest: string;
}

/** The names of the layers, in the order of their dependencies. */
export const layerNames = ['network', 'certificate', 'data', 'web', 'access'] as const;

/** One CloudFormation stack of a site. */
export type LayerName = (typeof layerNames)[number];

/** One layer: a template and where the values of its parameters come from. */
export interface RenderedLayer {
  readonly layer: LayerName;
  /** `nextcloud-site-<site>-<layer>`; a certificate's also carries a hash of its host. */
  readonly stackName: string;
  /** Canonical JSON text, at most 1 MB. */
  readonly templateBody: string;
  /** SHA-256 (hex) of templateBody. */
  readonly templateDigest: string;
  readonly parameters: readonly ParameterSource[];
  /** Tags of the stack, which CloudFormation passes on to its resources. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Where the value of a template's parameter comes from; the controller resolves it (no exports: one in use can't change). */
export type ParameterSource =
  | { readonly name: string; readonly from: 'output'; readonly layer: LayerName; readonly output: string }
  /** The AMI id that an SSM parameter holds now: a new value is a plan of its own. */
  | { readonly name: string; readonly from: 'image'; readonly ssmParameter: string }
  /** Like `image`, but resolved at creation and when a commit changes the layer; otherwise the stack's value is kept. */
  | { readonly name: string; readonly from: 'pinned-image'; readonly ssmParameter: string }
  | { readonly name: string; readonly from: 'value'; readonly value: string };

/**
 * Outputs that the controller itself reads; every other output is between layers.
 * web: AutoScalingGroupName, LaunchTemplateId, LaunchTemplateVersion, TargetGroupArn, LoadBalancerDnsName;
 * data: DatabaseIdentifier, CacheReplicationGroupId, FileSystemId; network: HostedZoneNameServers (with `create`).
 */
export const controllerOutputs = {
  autoScalingGroupName: 'AutoScalingGroupName',
  launchTemplateId: 'LaunchTemplateId',
  launchTemplateVersion: 'LaunchTemplateVersion',
  targetGroupArn: 'TargetGroupArn',
  loadBalancerDnsName: 'LoadBalancerDnsName',
  databaseIdentifier: 'DatabaseIdentifier',
  cacheReplicationGroupId: 'CacheReplicationGroupId',
  fileSystemId: 'FileSystemId',
  hostedZoneNameServers: 'HostedZoneNameServers',
} as const;
