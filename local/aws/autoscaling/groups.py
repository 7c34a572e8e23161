"""Creating, changing, describing and deleting groups.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html
"""

from ministack.core.responses import get_account_id, get_region, new_uuid, now_iso
from ministack.services import autoscaling

from aws.autoscaling import activities, hooks, terminating
from aws.autoscaling.group_members import DEFAULTS, changed_members, group_tags, sizes
from aws.autoscaling.store import find_group, lock, refused
from aws.autoscaling.targets import check_target_groups
from aws.ec2.paging import page
from aws.runtime.query import ServiceRefusal

_PAGE = 50


def create_group(request: dict) -> dict:
    """CreateAutoScalingGroup: its instances follow in the next rounds of the control plane."""
    name = request["AutoScalingGroupName"]
    if not request.get("LaunchTemplate"):
        raise refused("Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or "
                      "MixedInstancesPolicy parameter.")  # fmt: skip
    if "VPCZoneIdentifier" not in request and not request.get("AvailabilityZones"):
        raise refused("At least one Availability Zone or VPC Subnet is required.")
    arns = [*(request.get("TargetGroupARNs") or [])]
    arns += [each["Identifier"] for each in request.get("TrafficSources") or []]
    check_target_groups(arns)
    low, high = request["MinSize"], request["MaxSize"]
    group = {
        "AutoScalingGroupName": name,
        "AutoScalingGroupARN": f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:autoScalingGroup:{new_uuid()}"
        f":autoScalingGroupName/{name}",
        **DEFAULTS,
        "TerminationPolicies": ["Default"],
        "VPCZoneIdentifier": "",
        **changed_members(request),
        **sizes(low, high, request.get("DesiredCapacity"), low),
        "TargetGroupARNs": list(dict.fromkeys(arns)),
        "Instances": [],
        "CreatedTime": now_iso(),
        "ServiceLinkedRoleARN": request.get("ServiceLinkedRoleARN") or _service_linked_role(),
        "Tags": group_tags(name, request.get("Tags") or []),
        "Status": None,
        "EnabledMetrics": [],
        "LaunchConfigurationName": "",
        "_refresh": None,
        "_suspended": {},
        "_failures": 0,
        "_retry_at": 0.0,
        "_cause": f"At {activities.now()} a user request created an AutoScalingGroup changing the desired capacity "
        f"from 0 to {request.get('DesiredCapacity', low)}.",
    }
    with lock:
        if name in autoscaling._asgs:
            raise ServiceRefusal("AlreadyExists", f"AutoScalingGroup by this name already exists - A group with the "
                                 f"name {name} already exists")  # fmt: skip
        for hook in request.get("LifecycleHookSpecificationList") or []:
            hooks.put(group, hook)
        autoscaling._asgs[name] = group
        autoscaling._tags[name] = group["Tags"]
    return {}


def _service_linked_role() -> str:
    return (
        f"arn:aws:iam::{get_account_id()}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    )


def update_group(request: dict) -> dict:
    """UpdateAutoScalingGroup: a desired capacity that falls outside new bounds moves with them."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        low, high = request.get("MinSize", group["MinSize"]), request.get("MaxSize", group["MaxSize"])
        before = group["DesiredCapacity"]
        sized = sizes(low, high, request.get("DesiredCapacity"), before)
        group.update(changed_members(request))
        group.update(sized)
        desired = group["DesiredCapacity"]
        changing = f" changing the desired capacity from {before} to {desired}" if desired != before else ""
        group["_cause"] = (
            f"At {activities.now()} a user request update of AutoScalingGroup constraints to min: {low}, max: {high}, "
            f"desired: {desired}{changing}."
        )
        group["_failures"], group["_retry_at"] = 0, 0.0
    return {}


def set_desired_capacity(request: dict) -> dict:
    """SetDesiredCapacity: within the bounds only."""
    with lock:
        group, desired = find_group(request["AutoScalingGroupName"]), request["DesiredCapacity"]
        for bound, wrong in (("max", desired > group["MaxSize"]), ("min", desired < group["MinSize"])):
            if wrong:
                raise refused(
                    f"New SetDesiredCapacity value {desired} is {'above' if bound == 'max' else 'below'} {bound} value "
                    f"{group[f'{bound.capitalize()}Size']} for the AutoScalingGroup."
                )
        change_desired(group, desired, "a user request explicitly set group desired capacity")
    return {}


def change_desired(group: dict, desired: int, why: str) -> None:
    """Set the desired capacity and remember why, for the activities that follow."""
    before = group["DesiredCapacity"]
    group["DesiredCapacity"] = desired
    group["_cause"] = f"At {activities.now()} {why} changing the desired capacity from {before} to {desired}."
    group["_failures"], group["_retry_at"] = 0, 0.0


def describe_groups(request: dict) -> dict:
    """DescribeAutoScalingGroups, by name and by tag filters."""
    names = request.get("AutoScalingGroupNames")
    with lock:
        groups = [each for each in autoscaling._asgs.values() if not names or each["AutoScalingGroupName"] in names]
        groups = [each for each in groups if _matches(each, request.get("Filters") or [])]
        shown, token = page(groups, request.get("MaxRecords", _PAGE), request.get("NextToken"))
        return {"AutoScalingGroups": [_described(each) for each in shown], "NextToken": token}


def _matches(group: dict, filters: list[dict]) -> bool:
    tags = {each["Key"]: each["Value"] for each in group["Tags"]}
    for each in filters:
        name, values = each["Name"], each.get("Values") or []
        actual: set[str] = set()
        if name.startswith("tag:"):
            actual = {tags[name.removeprefix("tag:")]} if name.removeprefix("tag:") in tags else set()
        elif name == "tag-key":
            actual = set(tags)
        elif name == "tag-value":
            actual = set(tags.values())
        if not actual & set(values):
            return False
    return True


def _described(group: dict) -> dict:
    return {
        **group,
        "LaunchConfigurationName": None,
        "LoadBalancerNames": [],
        "TrafficSources": [{"Identifier": each, "Type": "elbv2"} for each in group["TargetGroupARNs"]],
        "SuspendedProcesses": [
            {"ProcessName": name, "SuspensionReason": reason} for name, reason in sorted(group["_suspended"].items())
        ],
    }


def delete_group(request: dict) -> dict:
    """DeleteAutoScalingGroup: an empty one, or with ForceDelete at once with its instances, without their hooks."""
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        if group["Instances"] and not request.get("ForceDelete"):
            raise ServiceRefusal(
                "ResourceInUse",
                "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
                "still in the group.",
            )
        for instance in group["Instances"]:
            terminating.terminate_at_once(group, instance)
        forget_group(group["AutoScalingGroupName"])
    return {}


def forget_group(name: str) -> None:
    """Delete the records of a group, with its hooks, policies, their alarms and its scheduled actions."""
    autoscaling._asgs.pop(name, None)
    autoscaling._tags.pop(name, None)
    autoscaling._delete_group_hooks(name)
    autoscaling._delete_group_policies(name)
    for key, action in autoscaling._scheduled_actions.items():
        if action["AutoScalingGroupName"] == name:
            autoscaling._scheduled_actions.pop(key, None)
