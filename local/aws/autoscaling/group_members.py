"""The members of a group, from a request: each with its default and its limits.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
"""

from aws.autoscaling.launch_template import specification
from aws.autoscaling.store import refused
from aws.autoscaling.termination_policy import POLICIES
from aws.autoscaling.zones import subnets_of, zones_of

DEFAULTS = {
    "DefaultCooldown": 300,
    "HealthCheckType": "EC2",
    "HealthCheckGracePeriod": 0,
    "NewInstancesProtectedFromScaleIn": False,
    "CapacityRebalance": False,
    "MaxInstanceLifetime": None,
    "DefaultInstanceWarmup": None,
}
_HEALTH_CHECKS = {"EC2", "ELB", "EBS", "VPC_LATTICE"}


def changed_members(request: dict) -> dict:
    """The members that a request sets, apart from sizes, checked."""
    members = {name: request[name] for name in DEFAULTS if name in request}
    if request.get("LaunchTemplate"):
        members["LaunchTemplate"] = specification(request["LaunchTemplate"])
    if "VPCZoneIdentifier" in request or "AvailabilityZones" in request:
        members.update(_network(request))
    if "HealthCheckType" in members and not set(members["HealthCheckType"].split(",")) <= _HEALTH_CHECKS:
        raise refused(f"Invalid HealthCheckType: {members['HealthCheckType']}. Valid values are EC2, ELB.")
    if "TerminationPolicies" in request:
        unknown = [each for each in request["TerminationPolicies"] if each not in POLICIES]
        if unknown:
            raise refused(f"Invalid termination policy: {unknown[0]}. Valid policies are {', '.join(POLICIES)}.")
        members["TerminationPolicies"] = request["TerminationPolicies"] or ["Default"]
    if "InstanceMaintenancePolicy" in request:
        members["InstanceMaintenancePolicy"] = maintenance_policy(request["InstanceMaintenancePolicy"])
    return members


def _network(request: dict) -> dict:
    identifier = request.get("VPCZoneIdentifier") or ""
    subnets = subnets_of(identifier, request.get("AvailabilityZones"))
    if not subnets:
        raise refused("At least one Availability Zone or VPC Subnet is required.")
    if len({each["VpcId"] for each in subnets}) > 1:
        raise refused("The subnets of an Auto Scaling group must be in one VPC.")
    return {"VPCZoneIdentifier": identifier, "AvailabilityZones": zones_of(subnets)}


def maintenance_policy(wanted: dict) -> dict | None:
    """An instance maintenance policy; both percentages -1 clear it.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceMaintenancePolicy.html
    """
    low, high = (int(wanted.get(f"{end}HealthyPercentage", -1)) for end in ("Min", "Max"))
    if low == -1 and high == -1:
        return None
    if not (0 <= low <= 100 and 100 <= high <= 200 and high - low <= 100):
        raise refused(
            "MinHealthyPercentage must be 0-100 and MaxHealthyPercentage 100-200, with a difference of at most 100."
        )
    return {"MinHealthyPercentage": low, "MaxHealthyPercentage": high}


def sizes(low: int, high: int, desired: int | None, before: int) -> dict:
    """Minimum, maximum and desired capacity: a desired one that is given must fit, the one before is moved to fit."""
    if low > high:
        raise refused(f"Max bound, {high}, must be greater than or equal to min bound, {low}")
    if desired is not None and not low <= desired <= high:
        raise refused(f"Desired capacity:{desired} must be between the specified min size:{low} and max size:{high}")
    return {
        "MinSize": low,
        "MaxSize": high,
        "DesiredCapacity": min(max(before, low), high) if desired is None else desired,
    }


def group_tags(name: str, tags: list[dict]) -> list[dict]:
    """Tags as a group keeps them."""
    return [
        {
            "Key": each["Key"],
            "Value": str(each.get("Value", "")),
            "ResourceId": name,
            "ResourceType": "auto-scaling-group",
            "PropagateAtLaunch": str(each.get("PropagateAtLaunch", False)).lower() == "true",
        }
        for each in tags
    ]
