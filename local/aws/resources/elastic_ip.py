"""AWS::EC2::EIP: Ref is the address, its tags change in place.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-eip.html
"""

from ministack.services import ec2

from aws.resources.handlers import Outcome, keep_tags, register
from aws.runtime.query import ServiceRefusal, call, element


def _attributes(record: dict) -> dict:
    return {"AllocationId": record["AllocationId"], "PublicIp": record["PublicIp"]}


def _record(public_ip: str) -> dict | None:
    return next((address for address in ec2._addresses.values() if address["PublicIp"] == public_ip), None)


def _create(_logical_id: str, properties: dict, _stack_name: str) -> Outcome:
    answer = call(ec2._ACTION_MAP, "AllocateAddress", {"Domain": properties.get("Domain", "vpc")}, None)
    record = ec2._addresses[element(answer, "allocationId")]
    keep_tags(record["AllocationId"], properties)
    return record["PublicIp"], _attributes(record)


def _update(physical_id: str, _old: dict, new: dict, _stack_name: str) -> Outcome:
    record = _record(physical_id)
    if record is None:
        raise ServiceRefusal("InvalidAddress.NotFound", f"Address '{physical_id}' not found.")
    keep_tags(record["AllocationId"], new)
    return physical_id, _attributes(record)


def _delete(physical_id: str, _properties: dict) -> None:
    record = _record(physical_id)
    if record is None:
        return
    if record.get("AssociationId"):
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
        raise ServiceRefusal("InvalidIPAddress.InUse", f"Address {physical_id} is in use.")
    call(ec2._ACTION_MAP, "ReleaseAddress", {"AllocationId": record["AllocationId"]}, None)


def install() -> None:
    """Teach CloudFormation the type."""
    register("AWS::EC2::EIP", _create, _delete, _update)
