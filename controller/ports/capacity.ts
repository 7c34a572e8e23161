/** One instance of a group, as DescribeAutoScalingGroups tells it. */
export interface GroupInstance {
  readonly instanceId: string;
  readonly lifecycleState: string;
  readonly healthStatus: string;
  readonly availabilityZone: string;
  /** Version number as text; absent when the group was made without a launch template. */
  readonly launchTemplateVersion?: string;
}

/** What the controller owns of a group, and what it must see. */
export type GroupState =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present';
      readonly name: string;
      readonly min: number;
      readonly max: number;
      readonly desired: number;
      readonly instances: readonly GroupInstance[];
      readonly launchTemplateVersion?: string;
      /** Target tracking on average CPU put under our own policy name; absent when there is none. */
      readonly cpuPolicy?: { readonly targetPercent: number };
    };

/** Auto Scaling, of groups that carry our tag. Throws TransientError for throttling and 5xx. */
export interface Capacity {
  describe(groupName: string): Promise<GroupState>;
  /** Seconds, not minutes: touches no stack. The group itself moves desired capacity into the new bounds. */
  setBounds(groupName: string, bounds: { min: number; max: number }): Promise<void>;
  putCpuPolicy(groupName: string, targetPercent: number): Promise<void>;
}

/** Name of the target tracking policy that the controller puts on every group. */
export const cpuPolicyName = 'nextcloud-gitops-cpu';
