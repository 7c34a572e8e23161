"""DescribeLoadBalancers names the zone of each subnet.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AvailabilityZone.html
"""

import re

from ministack.services import alb, ec2

_describe = alb._lb_xml
_ZONES = re.compile(r"<AvailabilityZones>.*?</AvailabilityZones>", re.DOTALL)


def with_zones(load_balancer: dict) -> str:
    """A load balancer as MiniStack writes it, with the real zones (MiniStack puts every subnet into the first)."""
    zones = "".join(
        f"<member><ZoneName>{_zone(each)}</ZoneName><SubnetId>{each}</SubnetId><LoadBalancerAddresses/></member>"
        for each in load_balancer.get("Subnets", [])
    )
    return _ZONES.sub(f"<AvailabilityZones>{zones}</AvailabilityZones>", _describe(load_balancer))


def _zone(subnet_id: str) -> str:
    subnet = ec2._subnets.get(subnet_id)
    return subnet["AvailabilityZone"] if subnet else ""
