"""Auto Scaling that scales: groups whose instances are launched, checked, replaced and ended, with their hooks."""

from ministack.services import autoscaling

from aws.autoscaling import (
    activities,
    cloudformation_group,
    control_plane,
    group_settings,
    groups,
    health,
    hooks,
    instance_refresh,
    instances,
    lifecycle_actions,
    policies,
    scheduled_actions,
    targets,
)
from aws.ec2.service_model import serve
from aws.runtime import background

_ROUND_SECONDS = 0.1

_ACTIONS = {
    "AttachLoadBalancerTargetGroups": targets.attach_target_groups,
    "AttachTrafficSources": targets.attach_traffic_sources,
    "CancelInstanceRefresh": instance_refresh.cancel_instance_refresh,
    "CompleteLifecycleAction": lifecycle_actions.complete_lifecycle_action,
    "CreateAutoScalingGroup": groups.create_group,
    "DeleteAutoScalingGroup": groups.delete_group,
    "DeleteLifecycleHook": hooks.delete_lifecycle_hook,
    "DeleteNotificationConfiguration": group_settings.delete_notification_configuration,
    "DeletePolicy": policies.delete_policy,
    "DeleteScheduledAction": scheduled_actions.delete_scheduled_action,
    "DescribeAutoScalingGroups": groups.describe_groups,
    "DescribeAutoScalingInstances": instances.describe_instances,
    "DescribeInstanceRefreshes": instance_refresh.describe_instance_refreshes,
    "DescribeLifecycleHookTypes": hooks.describe_lifecycle_hook_types,
    "DescribeLifecycleHooks": hooks.describe_lifecycle_hooks,
    "DescribeLoadBalancerTargetGroups": targets.describe_target_groups,
    "DescribeNotificationConfigurations": group_settings.describe_notification_configurations,
    "DescribePolicies": policies.describe_policies,
    "DescribeScalingActivities": activities.describe_scaling_activities,
    "DescribeScheduledActions": scheduled_actions.describe_scheduled_actions,
    "DescribeTrafficSources": targets.describe_traffic_sources,
    "DetachLoadBalancerTargetGroups": targets.detach_target_groups,
    "DetachTrafficSources": targets.detach_traffic_sources,
    "DisableMetricsCollection": group_settings.disable_metrics,
    "EnableMetricsCollection": group_settings.enable_metrics,
    "ExecutePolicy": policies.execute_policy,
    "PutLifecycleHook": hooks.put_lifecycle_hook,
    "PutNotificationConfiguration": group_settings.put_notification_configuration,
    "PutScalingPolicy": policies.put_scaling_policy,
    "PutScheduledUpdateGroupAction": scheduled_actions.put_scheduled_action,
    "RecordLifecycleActionHeartbeat": lifecycle_actions.record_lifecycle_action_heartbeat,
    "ResumeProcesses": group_settings.resume_processes,
    "SetDesiredCapacity": groups.set_desired_capacity,
    "SetInstanceHealth": health.set_instance_health,
    "SetInstanceProtection": instances.set_instance_protection,
    "StartInstanceRefresh": instance_refresh.start_instance_refresh,
    "SuspendProcesses": group_settings.suspend_processes,
    "TerminateInstanceInAutoScalingGroup": instances.terminate_instance,
    "UpdateAutoScalingGroup": groups.update_group,
}


def install() -> None:
    """Put the engine in place of MiniStack's, which keeps records only, and start Auto Scaling's control plane."""
    autoscaling._ACTION_MAP.update(serve("autoscaling", _ACTIONS))
    cloudformation_group.install()
    background.every(_ROUND_SECONDS, "autoscaling", control_plane.advance)
