"""The record of an instance, from a launch request.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

import base64
import binascii
import time
from pathlib import Path

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import ec2

from aws.ec2.addresses import private_address, private_name, public_name
from aws.ec2.images import launchable_image
from aws.ec2.instance_disk import create_disk
from aws.ec2.instance_types import check_instance_type
from aws.runtime import clock
from aws.runtime.query import ServiceRefusal

STATE_CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
_MAX_USER_DATA_BYTES = 16 * 1024


def state(name: str) -> dict:
    """An instance state as the API writes it."""
    return {"Code": STATE_CODES[name], "Name": name}


def launch(request: dict, index: int = 0) -> dict:
    """Make one instance, pending, with its disk; its program starts when it is running.

    `request` is a RunInstances request with its launch template merged in. Raises ServiceRefusal with the code and
    message that EC2 answers with.
    """
    image = launchable_image(request.get("ImageId", ""))
    instance_type = request.get("InstanceType") or "m1.small"
    check_instance_type(instance_type, image)
    interface = (request.get("NetworkInterfaces") or [{}])[0]
    subnet = _subnet(interface.get("SubnetId") or request.get("SubnetId"))
    groups = _security_groups(interface.get("Groups") or request.get("SecurityGroupIds"), subnet)
    profile = _instance_profile(request.get("IamInstanceProfile") or {})
    _check_key(request.get("KeyName"))
    user_data = _user_data(request.get("UserData") or "")
    address = private_address(subnet, interface.get("PrivateIpAddress") or request.get("PrivateIpAddress"))
    public = _flag(interface.get("AssociatePublicIpAddress"), subnet.get("MapPublicIpOnLaunch", False))
    instance_id = ec2._new_instance_id()
    tags = _tags(request, "instance", request.get("_system_tags") or [])
    public_ip = ec2._random_ip("54.") if public else ""
    record = {
        "InstanceId": instance_id,
        "ImageId": image["ImageId"],
        "InstanceType": instance_type,
        "KeyName": request.get("KeyName") or "",
        "State": state("pending"),
        "SubnetId": subnet["SubnetId"],
        "VpcId": subnet["VpcId"],
        "PrivateIpAddress": address,
        "PublicIpAddress": public_ip,
        "PrivateDnsName": private_name(address),
        "PublicDnsName": public_name(public_ip),
        "SourceDestCheck": True,
        "SecurityGroups": groups,
        "Architecture": image["Architecture"],
        "RootDeviceType": "ebs",
        "RootDeviceName": "/dev/xvda",
        "Hypervisor": "xen",
        "Virtualization": "hvm",
        "Placement": {"AvailabilityZone": subnet["AvailabilityZone"], "Tenancy": "default", "GroupName": ""},
        "Monitoring": {"State": _monitoring(request)},
        "MetadataOptions": _metadata_options(request.get("MetadataOptions") or {}),
        "AmiLaunchIndex": index,
        "UserData": request.get("UserData") or "",
        "LaunchTime": ec2._now_ts(),
        "IamInstanceProfile": profile,
        "BlockDeviceMappings": [],
        "_interface_id": f"eni-{new_uuid().replace('-', '')[:17]}",
        "_ready_at": time.monotonic() + clock.ready_after("AWS::EC2::Instance"),
    }
    named = {each["Key"]: each["Value"] for each in tags}
    facts = {"imageId": image["ImageId"], "imageLocation": image["ImageLocation"], "region": get_region()}
    record["_port"] = create_disk(instance_id, Path(image["ImageLocation"]), user_data, named, facts)
    record["BlockDeviceMappings"] = [_root_volume(record, request)]
    ec2._instances[instance_id] = record
    ec2._tags[instance_id] = tags
    if profile:
        ec2._upsert_iam_instance_profile_association(instance_id, profile)
    return record


def _subnet(subnet_id: str | None) -> dict:
    ec2._ensure_defaults_initialized()
    subnet = ec2._subnets.get(subnet_id or ec2._DEFAULT_SUBNET_ID)
    if subnet is None:
        raise ServiceRefusal("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist")
    return subnet


def _security_groups(group_ids: list[str] | None, subnet: dict) -> list[dict]:
    if not group_ids:
        default = next(
            each
            for each in ec2._security_groups.values()
            if each["GroupName"] == "default" and each["VpcId"] == subnet["VpcId"]
        )
        group_ids = [default["GroupId"]]
    for group_id in group_ids:
        group = ec2._security_groups.get(group_id)
        if group is None:
            raise ServiceRefusal("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
        if group["VpcId"] != subnet["VpcId"]:
            raise ServiceRefusal(
                "InvalidParameter",
                f"Security group {group_id} and subnet {subnet['SubnetId']} belong to different networks.",
            )
    return [{"GroupId": each, "GroupName": ec2._security_groups[each]["GroupName"]} for each in group_ids]


def _instance_profile(profile: dict) -> dict | None:
    resolved, refusal = ec2._resolve_iam_instance_profile(profile.get("Arn", ""), profile.get("Name", ""))
    if refusal:
        value, member = (profile["Arn"], "arn") if profile.get("Arn") else (profile.get("Name"), "name")
        raise ServiceRefusal(
            "InvalidParameterValue",
            f"Value ({value}) for parameter iamInstanceProfile.{member} is invalid. "
            f"Invalid IAM Instance Profile {'ARN' if member == 'arn' else 'name'}",
        )
    return resolved


def _check_key(name: str | None) -> None:
    if name and name not in ec2._key_pairs:
        raise ServiceRefusal("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")


def _user_data(encoded: str) -> bytes:
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ServiceRefusal("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.") from error
    if len(decoded) > _MAX_USER_DATA_BYTES:
        raise ServiceRefusal("InvalidParameterValue", "User data is limited to 16384 bytes")
    return decoded


def _tags(request: dict, resource_type: str, system_tags: list[dict]) -> list[dict]:
    tags = {each["Key"]: each["Value"] for each in system_tags}
    for specification in request.get("TagSpecifications") or []:
        if specification.get("ResourceType") == resource_type:
            tags.update({each["Key"]: each.get("Value", "") for each in specification.get("Tags") or []})
    return [{"Key": key, "Value": str(value)} for key, value in tags.items()]


def _flag(value: object, default: bool) -> bool:
    return default if value is None else str(value).lower() == "true"


def _monitoring(request: dict) -> str:
    return "enabled" if _flag((request.get("Monitoring") or {}).get("Enabled"), False) else "disabled"


def _metadata_options(wanted: dict) -> dict:
    return {
        "State": "applied",
        "HttpTokens": wanted.get("HttpTokens", "optional"),
        "HttpPutResponseHopLimit": int(wanted.get("HttpPutResponseHopLimit", 1)),
        "HttpEndpoint": wanted.get("HttpEndpoint", "enabled"),
        "HttpProtocolIpv6": wanted.get("HttpProtocolIpv6", "disabled"),
        "InstanceMetadataTags": wanted.get("InstanceMetadataTags", "disabled"),
    }


def _root_volume(record: dict, request: dict) -> dict:
    """The root volume, as the request maps it, else the image's 8 GiB of gp3."""
    mappings = {each["DeviceName"]: each.get("Ebs") or {} for each in request.get("BlockDeviceMappings") or []}
    wanted = mappings.get(record["RootDeviceName"], {})
    volume_id, now = ec2._new_volume_id(), record["LaunchTime"]
    ends_with_instance = _flag(wanted.get("DeleteOnTermination"), True)
    attached = {"InstanceId": record["InstanceId"], "Device": record["RootDeviceName"], "VolumeId": volume_id}
    ec2._volumes[volume_id] = {
        "VolumeId": volume_id,
        "Size": int(wanted.get("VolumeSize", 8)),
        "AvailabilityZone": record["Placement"]["AvailabilityZone"],
        "State": "in-use",
        "VolumeType": wanted.get("VolumeType", "gp3"),
        "SnapshotId": "",
        "Iops": int(wanted.get("Iops", 3000)),
        "Throughput": int(wanted.get("Throughput", 125)),
        "Encrypted": _flag(wanted.get("Encrypted"), False),
        "CreateTime": now,
        "Attachments": [
            {**attached, "State": "attached", "AttachTime": now, "DeleteOnTermination": ends_with_instance}
        ],
        "MultiAttachEnabled": False,
        "OwnerId": get_account_id(),
    }
    ec2._tags[volume_id] = _tags(request, "volume", [])
    ebs = {"VolumeId": volume_id, "Status": "attached", "AttachTime": now, "DeleteOnTermination": ends_with_instance}
    return {"DeviceName": record["RootDeviceName"], "Ebs": ebs}
