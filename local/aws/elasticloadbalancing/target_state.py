"""The state of a target: what DescribeTargetHealth says and why.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-states
"""

from ministack.services import ec2

from aws.elasticloadbalancing.store import enabled_zones, load_balancers_of


def target_state(target: dict, group: dict) -> dict:
    """State, reason and description of a registered target."""
    if target.get("_drains_until") is not None:
        return _state("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
    unused = _unused(target, group)
    if unused:
        return unused
    if not group["HealthCheckEnabled"]:
        return _state("unavailable", "Target.HealthCheckDisabled", "Health checks are disabled for this target group")
    match target["_state"]:
        case "healthy":
            return {"State": "healthy"}
        case "unhealthy":
            return _state("unhealthy", target["_reason"], target["_description"])
        case _:
            return _state("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")


def not_registered() -> dict:
    """The state of a target that is asked for and not registered."""
    return _state("unused", "Target.NotRegistered", "Target is not registered to the target group")


def is_checked(target: dict, group: dict) -> bool:
    """Whether the load balancer sends health checks to a target: it is registered, used, and its instance runs."""
    draining = target.get("_drains_until") is not None
    return group["HealthCheckEnabled"] and not draining and _unused(target, group) is None


def _unused(target: dict, group: dict) -> dict | None:
    balancers = load_balancers_of(group["TargetGroupArn"])
    if not balancers:
        return _state(
            "unused", "Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"
        )
    if group["TargetType"] != "instance":
        return None
    instance = ec2._instances.get(target["Id"])
    state = instance["State"]["Name"] if instance else "terminated"
    if state not in ("pending", "running"):
        return _state("unused", "Target.InvalidState", f"Target is in the {state} state")
    if not any(instance["Placement"]["AvailabilityZone"] in enabled_zones(each) for each in balancers):
        return _state(
            "unused", "Target.NotInUse", "Target is in an Availability Zone that is not enabled for the load balancer"
        )
    return None


def _state(state: str, reason: str, description: str) -> dict:
    return {"State": state, "Reason": reason, "Description": description}
