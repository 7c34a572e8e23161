"""Balance over Availability Zones.

A launch goes to the zone with the fewest instances, a scale-in takes from the zone with the most:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html#arch-AutoScalingMultiAZ
"""

from collections import Counter
from collections.abc import Iterable

from ministack.services import ec2

from aws.autoscaling.store import refused


def subnets_of(vpc_zone_identifier: str, zones: list[str] | None) -> list[dict]:
    """The subnets that a group launches into: those it names, else the default ones of its zones."""
    ec2._ensure_defaults_initialized()
    if not vpc_zone_identifier:
        defaults = [each for each in ec2._subnets.values() if each.get("DefaultForAz")]
        return [each for each in defaults if each["AvailabilityZone"] in (zones or [])]
    found = []
    for subnet_id in vpc_zone_identifier.split(","):
        subnet = ec2._subnets.get(subnet_id.strip())
        if subnet is None:
            raise refused(f"The subnet ID '{subnet_id.strip()}' does not exist")
        found.append(subnet)
    return found


def zones_of(subnets: Iterable[dict]) -> list[str]:
    """The zones of subnets, sorted."""
    return sorted({each["AvailabilityZone"] for each in subnets})


def subnet_for_launch(subnets: list[dict], instances: list[dict]) -> dict:
    """The subnet of the next launch: fewest instances in its zone, then in itself, then the first by name."""
    in_zone = Counter(each["AvailabilityZone"] for each in instances)
    in_subnet = Counter(each["_subnet"] for each in instances)
    return min(
        subnets,
        key=lambda each: (
            in_zone[each["AvailabilityZone"]],
            in_subnet[each["SubnetId"]],
            each["AvailabilityZone"],
            each["SubnetId"],
        ),
    )


def fullest_zone(instances: list[dict], candidates: list[dict]) -> list[dict]:
    """The candidates of the zone that has the most instances (of all that have a candidate)."""
    in_zone = Counter(each["AvailabilityZone"] for each in instances)
    zone = max(sorted({each["AvailabilityZone"] for each in candidates}), key=lambda name: in_zone[name])
    return [each for each in candidates if each["AvailabilityZone"] == zone]
