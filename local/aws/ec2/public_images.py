"""Amazon's own public images: Amazon Linux 2023, and the public SSM parameters that name its newest release.

https://docs.aws.amazon.com/linux/al2023/ug/ec2.html#launch-from-parameter-store
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html
"""

import hashlib
from pathlib import Path

from ministack.core.responses import get_region
from ministack.services import ec2, ssm

# The account that Amazon publishes Amazon Linux from.
_AMAZON = "137112412989"
_FOLDER = Path(__file__).parents[2] / "images" / "bastion"
_ARCHITECTURES = ("arm64", "x86_64")


def install() -> None:
    """Publish an image for each architecture, in every region, with an id of the region's own."""
    registered = ec2._registered_image
    ec2._registered_image = lambda image_id: registered(image_id) or _public_images().get(image_id)
    public_parameter = ssm._public_parameter

    def parameter(name: str) -> dict | None:
        for image in _public_images().values():
            ssm._PUBLIC_AMI_PARAMETERS[_parameter_name(image["Architecture"])] = image["ImageId"]
        return public_parameter(name)

    ssm._public_parameter = parameter


def _public_images() -> dict[str, dict]:
    """The images of the region that is being called, by id."""
    images = (_image(get_region(), architecture) for architecture in _ARCHITECTURES)
    return {image["ImageId"]: image for image in images}


def _image(region: str, architecture: str) -> dict:
    image_id = "ami-" + hashlib.sha256(f"al2023 {region} {architecture}".encode()).hexdigest()[:17]
    return {
        "ImageId": image_id,
        "Name": f"al2023-ami-kernel-default-{architecture}",
        "ImageLocation": str(_FOLDER),
        "Description": "Amazon Linux 2023 AMI",
        "Architecture": architecture,
        "RootDeviceType": "ebs",
        "RootDeviceName": "/dev/xvda",
        "BlockDeviceMappings": [],
        "VirtualizationType": "hvm",
        "CreationDate": "2026-11-01T00:00:00.000Z",
        "OwnerId": _AMAZON,
        "LaunchPermissions": [{"Group": "all"}],
    }


def _parameter_name(architecture: str) -> str:
    return f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
