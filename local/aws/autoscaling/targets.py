"""A group's target groups: an instance is registered when its launch hooks are over, and drained before it is ended.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
"""

from ministack.services import alb

from aws.autoscaling.store import find_group, lock, refused
from aws.ec2.paging import page
from aws.elasticloadbalancing.deregister_targets import deregister, is_registered
from aws.elasticloadbalancing.register_targets import register

_PAGE = 100


def check_target_groups(arns: list[str]) -> None:
    """Refuse target groups that do not exist."""
    for arn in arns:
        if arn not in alb._tgs:
            raise refused(f"Provided Target Groups may not be valid. Please ensure they exist and try again: {arn}")


def register_instance(group: dict, instance: dict) -> None:
    """Register an instance with every target group of its group."""
    for arn in group["TargetGroupARNs"]:
        if arn in alb._tgs:
            register(alb._tgs[arn], {"Id": instance["InstanceId"]})


def deregister_instance(group: dict, instance: dict) -> None:
    """Begin to drain an instance; nothing where it is not registered."""
    for arn in group["TargetGroupARNs"]:
        if arn in alb._tgs:
            deregister(alb._tgs[arn], instance["InstanceId"])


def is_drained(group: dict, instance: dict) -> bool:
    """Whether no target group of its group has the instance any more."""
    return not any(is_registered(arn, instance["InstanceId"]) for arn in group["TargetGroupARNs"] if arn in alb._tgs)


def set_target_groups(group: dict, arns: list[str]) -> None:
    """Attach and detach until the group has these target groups."""
    check_target_groups(arns)
    with lock:
        before = group["TargetGroupARNs"]
        in_service = [each for each in group["Instances"] if each["LifecycleState"] == "InService"]
        group["TargetGroupARNs"] = [arn for arn in before if arn not in arns]
        for instance in in_service:
            deregister_instance(group, instance)
        group["TargetGroupARNs"] = list(dict.fromkeys(arns))
        for instance in in_service:
            register_instance(group, instance)


def attach_target_groups(request: dict) -> dict:
    """AttachLoadBalancerTargetGroups."""
    group = find_group(request["AutoScalingGroupName"])
    set_target_groups(group, [*group["TargetGroupARNs"], *request["TargetGroupARNs"]])
    return {}


def detach_target_groups(request: dict) -> dict:
    """DetachLoadBalancerTargetGroups."""
    group = find_group(request["AutoScalingGroupName"])
    set_target_groups(group, [each for each in group["TargetGroupARNs"] if each not in request["TargetGroupARNs"]])
    return {}


def attach_traffic_sources(request: dict) -> dict:
    """AttachTrafficSources, of the type elbv2."""
    sources = [each["Identifier"] for each in request["TrafficSources"]]
    return attach_target_groups({**request, "TargetGroupARNs": sources})


def detach_traffic_sources(request: dict) -> dict:
    """DetachTrafficSources."""
    sources = [each["Identifier"] for each in request["TrafficSources"]]
    return detach_target_groups({**request, "TargetGroupARNs": sources})


def describe_target_groups(request: dict) -> dict:
    """DescribeLoadBalancerTargetGroups."""
    group = find_group(request["AutoScalingGroupName"])
    states = [{"LoadBalancerTargetGroupARN": arn, "State": _state(group)} for arn in group["TargetGroupARNs"]]
    shown, token = page(states, request.get("MaxRecords", _PAGE), request.get("NextToken"))
    return {"LoadBalancerTargetGroups": shown, "NextToken": token}


def describe_traffic_sources(request: dict) -> dict:
    """DescribeTrafficSources."""
    group = find_group(request["AutoScalingGroupName"])
    sources = [
        {"TrafficSource": arn, "Identifier": arn, "Type": "elbv2", "State": _state(group)}
        for arn in group["TargetGroupARNs"]
    ]
    shown, token = page(sources, request.get("MaxRecords", _PAGE), request.get("NextToken"))
    return {"TrafficSources": shown, "NextToken": token}


def _state(group: dict) -> str:
    """InService once an instance passes the health checks, and only when the group uses them."""
    in_service = any(each["LifecycleState"] == "InService" for each in group["Instances"])
    return "InService" if in_service and "ELB" in group["HealthCheckType"] else "Added"
