"""The launch template of a group: `$Latest` and `$Default` are looked up at each launch.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateSpecification.html
"""

from aws.autoscaling.store import refused
from aws.ec2.launch_template import find_template, find_version
from aws.runtime.query import ServiceRefusal


def specification(wanted: dict) -> dict:
    """A group's launch template with its id and its name, whichever of them the request had; it must exist."""
    try:
        template = find_template(wanted)
        find_version(template, wanted.get("Version"))
    except ServiceRefusal as refusal:
        raise refused(f"You must use a valid fully-formed launch template. {refusal.message}") from refusal
    return {
        "LaunchTemplateId": template["LaunchTemplateId"],
        "LaunchTemplateName": template["LaunchTemplateName"],
        "Version": str(wanted.get("Version") or "$Default"),
    }


def template_in_use(group: dict) -> dict:
    """What the group launches now: its own template, or the one that a running refresh brings."""
    refresh = group.get("_refresh") or {}
    return (refresh.get("DesiredConfiguration") or group)["LaunchTemplate"]


def current_version(group: dict) -> str:
    """The number of the version that the group launches now."""
    wanted = template_in_use(group)
    return str(find_version(find_template(wanted), wanted["Version"])["VersionNumber"])
