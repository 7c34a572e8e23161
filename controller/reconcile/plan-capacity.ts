import type { Site } from '../../desired-state/site.ts';
import type { GroupState } from '../ports/capacity.ts';

/** A call to Auto Scaling, beside the stacks. */
export type DirectCall =
  | {
      readonly kind: 'set-bounds';
      readonly groupName: string;
      readonly from: { readonly min: number; readonly max: number };
      readonly to: { readonly min: number; readonly max: number };
    }
  | {
      readonly kind: 'put-cpu-policy';
      readonly groupName: string;
      readonly fromPercent?: number;
      readonly targetPercent: number;
    };

/** What the group needs; nothing while there is no group. */
export function planCapacity(site: Site, group: GroupState): readonly DirectCall[] {
  if (group.kind === 'absent') return [];
  const { min, max, targetCpuPercent } = site.scaling;
  const calls: DirectCall[] = [];
  if (group.min !== min || group.max !== max) {
    const from = { min: group.min, max: group.max };
    calls.push({ kind: 'set-bounds', groupName: group.name, from, to: { min, max } });
  }
  if (group.cpuPolicy?.targetPercent !== targetCpuPercent) {
    calls.push({
      kind: 'put-cpu-policy',
      groupName: group.name,
      ...(group.cpuPolicy === undefined ? {} : { fromPercent: group.cpuPolicy.targetPercent }),
      targetPercent: targetCpuPercent,
    });
  }
  return calls;
}

/** Instances in service that do not run the group's launch template version. */
export function outdatedInstances(group: GroupState): readonly string[] {
  if (group.kind === 'absent' || group.launchTemplateVersion === undefined) return [];
  const version = group.launchTemplateVersion;
  return group.instances
    .filter((one) => one.lifecycleState === 'InService' && one.launchTemplateVersion !== version)
    .map((one) => one.instanceId);
}
