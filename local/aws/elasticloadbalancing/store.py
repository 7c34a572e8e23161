"""What the load balancer knows of its target groups and targets, over MiniStack's stores.

A target is a record of `alb._targets`: its Id and Port as the API has them, and what the health checks found in
members of ours that begin with an underscore.
"""

import threading

from ministack.services import alb, ec2

from aws.runtime.query import ServiceRefusal

# Guards the records: API calls come on the event loop, health checks and draining on threads.
lock = threading.RLock()

DEFAULT_DEREGISTRATION_DELAY_SECONDS = 300


def target_group(arn: str) -> dict:
    """The record of a target group, or the refusal that Elastic Load Balancing answers with."""
    group = alb._tgs.get(arn)
    if group is None:
        raise ServiceRefusal("TargetGroupNotFound", f"Target group '{arn}' not found")
    return group


def targets(arn: str) -> list[dict]:
    """The registered and draining targets of a group."""
    return alb._targets.setdefault(arn, [])


def port_of(target: dict, group: dict) -> int:
    """The port that a target receives traffic on: its own, else its group's."""
    return int(target.get("Port") or group["Port"])


def deregistration_delay_seconds(arn: str) -> int:
    """How long a deregistered target drains.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
    """
    for attribute in alb._tg_attrs.get(arn, []):
        if attribute["Key"] == "deregistration_delay.timeout_seconds":
            return int(attribute["Value"])
    return DEFAULT_DEREGISTRATION_DELAY_SECONDS


def load_balancers_of(arn: str) -> list[dict]:
    """The load balancers that send traffic to a group: those with a listener or a rule that forwards to it."""
    forwarding = [*alb._listeners.values(), *alb._rules.values()]
    found = {}
    for each in forwarding:
        actions = each.get("DefaultActions") or each.get("Actions") or []
        listener = each if "LoadBalancerArn" in each else alb._listeners.get(each["ListenerArn"])
        if listener and any(arn in _forwarded_to(action) for action in actions):
            found[listener["LoadBalancerArn"]] = alb._lbs.get(listener["LoadBalancerArn"])
    return [each for each in found.values() if each]


def _forwarded_to(action: dict) -> set[str]:
    several = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    return {action.get("TargetGroupArn", "")} | {each.get("TargetGroupArn", "") for each in several}


def enabled_zones(load_balancer: dict) -> set[str]:
    """The Availability Zones that a load balancer has a subnet in."""
    subnets = [ec2._subnets.get(each) for each in load_balancer.get("Subnets", [])]
    return {each["AvailabilityZone"] for each in subnets if each}
