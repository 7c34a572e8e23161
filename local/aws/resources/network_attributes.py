"""Attributes of VPCs, subnets, routes and attachments.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-route.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcgatewayattachment.html
"""

from ministack.services import ec2

from aws.resources.handlers import amend

DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def _vpc(vpc_id: str, _properties: dict) -> dict:
    # An association has an id of its own, made of the VPC's here: MiniStack keeps none.
    return {"CidrBlockAssociations": [vpc_id.replace("vpc-", "vpc-cidr-assoc-")], "Ipv6CidrBlocks": []}


def _subnet(subnet_id: str, _properties: dict) -> dict:
    subnet = ec2._subnets[subnet_id]
    return {
        "AvailabilityZoneId": subnet["AvailabilityZoneId"],
        "Ipv6CidrBlocks": [],
        "NetworkAclAssociationId": subnet_id.replace("subnet-", "aclassoc-"),
    }


def _route(_id: str, properties: dict) -> dict:
    return {"CidrBlock": next((properties[name] for name in DESTINATIONS if properties.get(name)), "")}


def _attachment(_id: str, properties: dict) -> dict:
    return {"AttachmentType": "IGW" if properties.get("InternetGatewayId") else "VGW"}


def install() -> None:
    """Add what MiniStack's handlers leave out."""
    amend("AWS::EC2::VPC", _vpc)
    amend("AWS::EC2::Subnet", _subnet)
    amend("AWS::EC2::Route", _route)
    amend("AWS::EC2::VPCGatewayAttachment", _attachment)
