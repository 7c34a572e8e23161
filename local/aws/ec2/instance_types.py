"""Which instance types exist and which processor they have.

The types are those of EC2's own service model; the name tells a Graviton processor by a `g` after the generation.
https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
"""

import functools
import re

from aws.ec2.service_model import service_model
from aws.runtime.query import ServiceRefusal

_ARM = re.compile(r"(?:a1|[a-z]+\d+[a-z-]*g[a-z]*)\.")


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(service_model("ec2").shape_for("InstanceType").enum)


def architecture_of(instance_type: str) -> str:
    """`arm64` or `x86_64`."""
    return "arm64" if _ARM.match(instance_type) else "x86_64"


def check_instance_type(instance_type: str, image: dict) -> None:
    """Refuse a type that does not exist and one whose processor is not the image's."""
    if instance_type not in _known():
        raise ServiceRefusal("InvalidParameterValue", f"Invalid value '{instance_type}' for InstanceType.")
    architecture = architecture_of(instance_type)
    if image["Architecture"] != architecture:
        raise ServiceRefusal(
            "InvalidParameterValue",
            f"The architecture '{architecture}' of the specified instance type does not match the architecture "
            f"'{image['Architecture']}' of the specified AMI. Specify an instance type and an AMI that have matching "
            "architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the "
            "architecture of the instance type or AMI.",
        )
