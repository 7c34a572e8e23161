"""EC2 instances as processes: an image is a folder with a program, an instance runs it on a port of its own."""

from ministack.services import ec2

from aws.ec2 import cloudformation_instance, public_images
from aws.ec2.change_states import reboot_instances, start_instances, stop_instances, terminate_instances
from aws.ec2.describe_instances import describe_instances
from aws.ec2.images import describe_images
from aws.ec2.instance_attribute import describe_instance_attribute
from aws.ec2.instance_states import advance
from aws.ec2.run_instances import run_instances
from aws.ec2.service_model import serve
from aws.runtime import background

_ROUND_SECONDS = 0.1


def install() -> None:
    """Put the instance actions in place of MiniStack's, which keep records only, and start EC2's control plane."""
    ec2._ACTION_MAP.update(
        serve(
            "ec2",
            {
                "DescribeImages": describe_images,
                "DescribeInstanceAttribute": describe_instance_attribute,
                "DescribeInstances": describe_instances,
                "RebootInstances": reboot_instances,
                "RunInstances": run_instances,
                "StartInstances": start_instances,
                "StopInstances": stop_instances,
                "TerminateInstances": terminate_instances,
            },
        )
    )
    # A registered image is a container to MiniStack: nothing here may look for a container daemon.
    ec2._docker_touched = lambda: False
    ec2._cleanup_terminated = lambda: None
    cloudformation_instance.install()
    public_images.install()
    background.every(_ROUND_SECONDS, "ec2", advance)
