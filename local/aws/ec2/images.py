"""Machine images: an AMI of the local AWS is a folder with a program.

RegisterImage takes the folder's path as ImageLocation. As on AWS registration does not look whether the image can boot;
an image id that nobody registered is refused at launch.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
"""

import re
from pathlib import Path

from ministack.services import ec2

from aws.runtime.query import ServiceRefusal

_IMAGE_ID = re.compile(r"ami-(?:[0-9a-f]{8}|[0-9a-f]{17})")


def launchable_image(image_id: str) -> dict:
    """The registered image of this id, or the refusal that RunInstances answers with."""
    if not _IMAGE_ID.fullmatch(image_id):
        raise ServiceRefusal("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
    image = ec2._registered_image(image_id)
    if image is None:
        raise ServiceRefusal("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
    if not image.get("ImageLocation") or not Path(image["ImageLocation"]).is_dir():
        raise ServiceRefusal(
            "InvalidAMIID.Unavailable",
            f"The image id '[{image_id}]' is not in a state from which you can launch an instance: "
            f"its location {image.get('ImageLocation')!r} is not a folder",
        )
    return image


def describe_images(request: dict) -> dict:
    """DescribeImages: the registered images and no others."""
    wanted = request.get("ImageIds") or []
    for image_id in wanted:
        if not _IMAGE_ID.fullmatch(image_id):
            raise ServiceRefusal("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
        if ec2._registered_image(image_id) is None:
            raise ServiceRefusal("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
    filters = {each["Name"]: each.get("Values", []) for each in request.get("Filters") or []}
    owners = request.get("Owners")
    views = [(image, ec2._image_view(image)) for image in ec2._images.values()]
    return {
        "Images": [
            _described(image, view)
            for image, view in views
            if (not wanted or image["ImageId"] in wanted)
            and (not owners or ec2._image_owner_matches(view, owners))
            and ec2._image_matches_filters(view, filters)
        ]
    }


def _described(image: dict, view: dict) -> dict:
    return {
        **view,
        "ImageLocation": image.get("ImageLocation") or f"{view['OwnerId']}/{image['Name']}",
        "CreationDate": image["CreationDate"],
        "State": "available",
        "Public": view["IsPublic"] == "true",
        "ImageType": "machine",
        "Hypervisor": "xen",
        "RootDeviceType": "ebs",
        "RootDeviceName": "/dev/xvda",
        "Platform": None,
        "Description": image["Description"] or None,
        "VirtualizationType": "hvm",
        "PlatformDetails": "Linux/UNIX",
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, "VolumeType": "gp3", "DeleteOnTermination": True}}
        ],
        "Tags": ec2._tags.get(image["ImageId"], []),
    }
