"""AWS::EC2::NatGateway: pending until it is available, and it holds its address.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-natgateway.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNatGateways.html
"""

import re

from ministack.core.responses import new_uuid
from ministack.services import ec2

from aws.cloudformation.readiness import Readiness
from aws.cloudformation.readiness import register as register_readiness
from aws.resources.handlers import Outcome, keep_tags, register
from aws.runtime.query import call, element

_describe = ec2._ACTION_MAP["DescribeNatGateways"]


def _create(_logical_id: str, properties: dict, _stack_name: str) -> Outcome:
    request = {name: properties.get(name) for name in ("SubnetId", "AllocationId", "ConnectivityType")}
    nat_id = element(call(ec2._ACTION_MAP, "CreateNatGateway", request, None), "natGatewayId")
    record = ec2._nat_gateways[nat_id]
    record["NetworkInterfaceId"] = f"eni-{new_uuid().replace('-', '')[:17]}"
    address = ec2._addresses.get(record["AllocationId"])
    if address is not None:
        address["AssociationId"] = f"eipassoc-{new_uuid().replace('-', '')[:17]}"
        address["NetworkInterfaceId"] = record["NetworkInterfaceId"]
    keep_tags(nat_id, properties)
    return nat_id, _attributes(nat_id)


def _attributes(nat_id: str) -> dict:
    return {"NatGatewayId": nat_id, "EniId": ec2._nat_gateways[nat_id]["NetworkInterfaceId"]}


def _update(physical_id: str, _old: dict, new: dict, _stack_name: str) -> Outcome:
    keep_tags(physical_id, new)
    return physical_id, _attributes(physical_id)


def _delete(physical_id: str, _properties: dict) -> None:
    record = ec2._nat_gateways.get(physical_id)
    if record is None or record["State"] == "deleted":
        return
    call(ec2._ACTION_MAP, "DeleteNatGateway", {"NatGatewayId": physical_id}, None)
    address = ec2._addresses.get(record["AllocationId"])
    if address is not None:
        address.update(AssociationId=None, NetworkInterfaceId=None)


def describe(params: dict) -> tuple:
    """DescribeNatGateways with the addresses that MiniStack leaves out."""
    status, headers, body = _describe(params)
    text = body.decode() if isinstance(body, bytes) else body

    def with_addresses(match: re.Match) -> str:
        return match[0].replace("<natGatewayAddressSet/>", _addresses(ec2._nat_gateways.get(match[1])))

    text = re.sub(r"<natGatewayId>([^<]+)</natGatewayId>.*?<natGatewayAddressSet/>", with_addresses, text, flags=re.S)
    return status, headers, text.encode()


def _addresses(record: dict | None) -> str:
    address = ec2._addresses.get((record or {}).get("AllocationId"))
    if record is None or address is None:
        return "<natGatewayAddressSet/>"
    fields = {
        "allocationId": address["AllocationId"],
        "publicIp": address["PublicIp"],
        "networkInterfaceId": record.get("NetworkInterfaceId"),
        "associationId": address.get("AssociationId"),
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value)
    return f"<natGatewayAddressSet><item>{inner}<isPrimary>true</isPrimary></item></natGatewayAddressSet>"


def _set_state(state: str):
    def change(physical_id: str, *_operation: str) -> None:
        ec2._nat_gateways[physical_id]["State"] = state

    return change


def _busy(physical_id: str, operation: str) -> None:
    if operation == "create":
        _set_state("pending")(physical_id)


def install() -> None:
    """Teach CloudFormation the type and EC2 its addresses."""
    register("AWS::EC2::NatGateway", _create, _delete, _update)
    register_readiness("AWS::EC2::NatGateway", Readiness(_busy, _set_state("available")))
    ec2._ACTION_MAP["DescribeNatGateways"] = describe
