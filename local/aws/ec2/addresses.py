"""The addresses of an instance.

A private one of its subnet's range, whose first four and last addresses AWS keeps for itself:
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
A public one when the launch or the subnet says so, or an Elastic IP address:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
"""

import ipaddress

from ministack.core.responses import get_region
from ministack.services import ec2

from aws.runtime.query import ServiceRefusal

_RESERVED_AT_START = 4


def private_address(subnet: dict, requested: str | None) -> str:
    """A free address of the subnet, or the requested one when it is free."""
    network = ipaddress.ip_network(subnet["CidrBlock"])
    taken = _taken(subnet["SubnetId"])
    if requested:
        if ipaddress.ip_address(requested) not in network:
            raise ServiceRefusal("InvalidParameterValue", f"Address {requested} is not in the subnet's range")
        if requested in taken:
            raise ServiceRefusal("InvalidIPAddress.InUse", f"Address {requested} is in use.")
        return requested
    for address in range(int(network[0]) + _RESERVED_AT_START, int(network[-1])):
        if str(ipaddress.ip_address(address)) not in taken:
            return str(ipaddress.ip_address(address))
    raise ServiceRefusal(
        "InsufficientFreeAddressesInSubnet",
        f"There are not enough free addresses in subnet '{subnet['SubnetId']}' to satisfy the requested number of "
        "instances.",
    )


def _taken(subnet_id: str) -> set[str]:
    instances = {
        each["PrivateIpAddress"]
        for each in ec2._instances.values()
        if each["SubnetId"] == subnet_id and each["State"]["Name"] not in ("shutting-down", "terminated")
    }
    return instances | {
        each.get("PrivateIpAddress", "")
        for each in ec2._network_interfaces.values()
        if each.get("SubnetId") == subnet_id
    }


def public_address(instance: dict) -> str:
    """The Elastic IP address that is associated with the instance, else the public one of its launch, or nothing."""
    for address in ec2._addresses.values():
        if address.get("InstanceId") == instance["InstanceId"]:
            return address["PublicIp"]
    return instance["PublicIpAddress"]


def private_name(address: str) -> str:
    """The name by which EC2's resolver knows a private address."""
    return f"ip-{address.replace('.', '-')}.{_domain('compute.internal', 'ec2.internal')}"


def public_name(address: str) -> str:
    """The public DNS name of a public address; none without one."""
    if not address:
        return ""
    return f"ec2-{address.replace('.', '-')}.{_domain('compute.amazonaws.com', 'compute-1.amazonaws.com')}"


def _domain(elsewhere: str, in_us_east_1: str) -> str:
    return in_us_east_1 if get_region() == "us-east-1" else f"{get_region()}.{elsewhere}"
