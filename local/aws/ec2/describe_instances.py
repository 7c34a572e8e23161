"""DescribeInstances: what an instance is, with filters and pages.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
"""

from collections.abc import Callable

from ministack.core.responses import get_account_id
from ministack.services import ec2

from aws.ec2.addresses import public_address, public_name
from aws.ec2.instance_states import find
from aws.ec2.paging import page
from aws.runtime.query import ServiceRefusal

_FILTERS: dict[str, Callable[[dict], list[str]]] = {
    "architecture": lambda each: [each["Architecture"]],
    "availability-zone": lambda each: [each["Placement"]["AvailabilityZone"]],
    "iam-instance-profile.arn": lambda each: [(each["IamInstanceProfile"] or {}).get("Arn", "")],
    "image-id": lambda each: [each["ImageId"]],
    "instance-id": lambda each: [each["InstanceId"]],
    "instance-state-code": lambda each: [str(each["State"]["Code"])],
    "instance-state-name": lambda each: [each["State"]["Name"]],
    "instance-type": lambda each: [each["InstanceType"]],
    "instance.group-id": lambda each: [group["GroupId"] for group in each["SecurityGroups"]],
    "key-name": lambda each: [each["KeyName"]],
    "network-interface.subnet-id": lambda each: [each["SubnetId"]],
    "private-ip-address": lambda each: [each["PrivateIpAddress"]],
    "subnet-id": lambda each: [each["SubnetId"]],
    "vpc-id": lambda each: [each["VpcId"]],
}


def describe_instances(request: dict) -> dict:
    """The instances that the ids and every filter name, one reservation each."""
    wanted = request.get("InstanceIds") or []
    records = [find(each) for each in wanted] or ec2._instances.values()
    filters = {each["Name"]: each.get("Values", []) for each in request.get("Filters") or []}
    matching = [each for each in records if _matches(each, filters)]
    shown, token = page(matching, request.get("MaxResults"), request.get("NextToken"))
    return {"Reservations": [_reservation(each) for each in shown], "NextToken": token}


def _matches(record: dict, filters: dict[str, list[str]]) -> bool:
    if not ec2._resource_matches_tag_filters(record["InstanceId"], filters):
        return False
    for name, values in filters.items():
        if name.startswith("tag:") or name in ("tag-key", "tag-value"):
            continue
        if name not in _FILTERS:
            raise ServiceRefusal("InvalidParameterValue", f"The filter '{name}' is invalid")
        if not any(ec2._glob_match(value, actual) for value in values for actual in _FILTERS[name](record)):
            return False
    return True


def _reservation(record: dict) -> dict:
    return {
        "ReservationId": f"r-{record['InstanceId'].removeprefix('i-')}",
        "OwnerId": get_account_id(),
        "Groups": [],
        "Instances": [described(record)],
    }


def described(record: dict) -> dict:
    """An instance as the API shows it."""
    gone = record["State"]["Name"] == "terminated"
    public = "" if gone else public_address(record)
    return {
        **record,
        "PrivateIpAddress": None if gone else record["PrivateIpAddress"],
        "PublicIpAddress": public or None,
        "PublicDnsName": public_name(public),
        "VirtualizationType": record["Virtualization"],
        "BlockDeviceMappings": [] if gone else record["BlockDeviceMappings"],
        "NetworkInterfaces": [] if gone else [_interface(record, public)],
        "SubnetId": None if gone else record["SubnetId"],
        "VpcId": None if gone else record["VpcId"],
        "KeyName": record["KeyName"] or None,
        "StateTransitionReason": record.get("StateTransitionReason", ""),
        "Tags": ec2._tags.get(record["InstanceId"], []),
        "EbsOptimized": False,
        "EnaSupport": True,
        "PlatformDetails": "Linux/UNIX",
    }


def _interface(record: dict, public: str) -> dict:
    address = {
        "Primary": True,
        "PrivateIpAddress": record["PrivateIpAddress"],
        "PrivateDnsName": record["PrivateDnsName"],
        "Association": {"PublicIp": public, "PublicDnsName": public_name(public)} if public else None,
    }
    return {
        "NetworkInterfaceId": record["_interface_id"],
        "OwnerId": get_account_id(),
        "Status": "in-use",
        "SubnetId": record["SubnetId"],
        "VpcId": record["VpcId"],
        "Groups": record["SecurityGroups"],
        "SourceDestCheck": record["SourceDestCheck"],
        "PrivateIpAddresses": [address],
        "Attachment": {"DeviceIndex": 0, "Status": "attached", "DeleteOnTermination": True},
        **{key: value for key, value in address.items() if key != "Primary"},
    }
