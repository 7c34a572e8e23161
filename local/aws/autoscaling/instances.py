"""A group's instances, one by one.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html
"""

from ministack.services import autoscaling

from aws.autoscaling import activities
from aws.autoscaling.groups import change_desired
from aws.autoscaling.store import find_group, find_instance, lock, refused
from aws.autoscaling.terminating import begin_to_terminate
from aws.ec2.paging import page

_PAGE = 50


def describe_instances(request: dict) -> dict:
    """DescribeAutoScalingInstances: all instances of all groups, or those of the ids that are in one."""
    wanted = request.get("InstanceIds")
    with lock:
        found = [
            {**instance, "AutoScalingGroupName": group["AutoScalingGroupName"], "LaunchConfigurationName": None}
            # This action writes the health in capitals.
            | {"HealthStatus": instance["HealthStatus"].upper()}
            for group in autoscaling._asgs.values()
            for instance in group["Instances"]
            if not wanted or instance["InstanceId"] in wanted
        ]
    shown, token = page(found, request.get("MaxRecords", _PAGE), request.get("NextToken"))
    return {"AutoScalingInstances": shown, "NextToken": token}


def terminate_instance(request: dict) -> dict:
    """TerminateInstanceInAutoScalingGroup: with a smaller desired capacity, or replaced."""
    with lock:
        group, instance = find_instance(request["InstanceId"])
        smaller = request["ShouldDecrementDesiredCapacity"]
        if smaller and group["DesiredCapacity"] <= group["MinSize"]:
            raise refused(
                f"Currently, desiredSize equals minSize ({group['MinSize']}). Terminating instance without replacement "
                "will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or "
                "lower group's min size."
            )
        cause = f"At {activities.now()} instance {instance['InstanceId']} was taken out of service in response to a "
        cause += f"user request{', shrinking the capacity' if smaller else ''}."
        if smaller and not instance["LifecycleState"].startswith("Terminating"):
            change_desired(group, group["DesiredCapacity"] - 1, "a user request")
        return {"Activity": begin_to_terminate(group, instance, cause)}


def set_instance_protection(request: dict) -> dict:
    """SetInstanceProtection: every instance must be in the group, and in service."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        members = {each["InstanceId"]: each for each in group["Instances"]}
        for instance_id in request["InstanceIds"]:
            if instance_id not in members:
                raise refused(
                    f"The instance {instance_id} is not part of Auto Scaling group {group['AutoScalingGroupName']}."
                )
        for instance_id in request["InstanceIds"]:
            members[instance_id]["ProtectedFromScaleIn"] = request["ProtectedFromScaleIn"]
    return {}
