"""AWS::EC2::SecurityGroupIngress and SecurityGroupEgress: one rule, replaced by any change but its description.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupegress.html
"""

from ministack.core.responses import new_uuid
from ministack.services import ec2

from aws.resources.handlers import Outcome, register
from aws.runtime.query import call


def _permission(properties: dict) -> dict:
    described = {"Description": properties.get("Description")}
    ports = {name: properties.get(name) for name in ("IpProtocol", "FromPort", "ToPort")}
    peer = properties.get("SourceSecurityGroupId") or properties.get("DestinationSecurityGroupId")
    prefixes = properties.get("SourcePrefixListId") or properties.get("DestinationPrefixListId")
    sources = {
        "Groups": [{"GroupId": peer, **described}] if peer else None,
        "IpRanges": [{"CidrIp": properties["CidrIp"], **described}] if properties.get("CidrIp") else None,
        "Ipv6Ranges": [{"CidrIpv6": properties["CidrIpv6"], **described}] if properties.get("CidrIpv6") else None,
        "PrefixListIds": [{"PrefixListId": prefixes, **described}] if prefixes else None,
    }
    return {"GroupId": properties["GroupId"], "IpPermissions": [{**ports, **sources}]}


def _type(kind: str) -> None:
    def create(_logical_id: str, properties: dict, _stack_name: str) -> Outcome:
        call(ec2._ACTION_MAP, f"AuthorizeSecurityGroup{kind}", _permission(properties), None)
        rule = f"sgr-{new_uuid().replace('-', '')[:17]}"
        return rule, {"Id": rule}

    def update(physical_id: str, old: dict, new: dict, _stack_name: str) -> Outcome:
        # Only a description gets here: everything else replaces the rule.
        call(ec2._ACTION_MAP, f"RevokeSecurityGroup{kind}", _permission(old), None)
        call(ec2._ACTION_MAP, f"AuthorizeSecurityGroup{kind}", _permission(new), None)
        return physical_id, {"Id": physical_id}

    def delete(_physical_id: str, properties: dict) -> None:
        if properties["GroupId"] in ec2._security_groups:
            call(ec2._ACTION_MAP, f"RevokeSecurityGroup{kind}", _permission(properties), None)

    register(f"AWS::EC2::SecurityGroup{kind}", create, delete, update)


def install() -> None:
    """Teach CloudFormation both types."""
    _type("Ingress")
    _type("Egress")
