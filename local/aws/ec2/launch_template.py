"""Launch templates as parameters of a launch: what the request names wins over what the template says.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-templates.html
"""

from ministack.services import ec2

from aws.runtime.query import ServiceRefusal


def find_template(specification: dict) -> dict:
    """The template that a specification names by id or by name."""
    template_id, name = specification.get("LaunchTemplateId"), specification.get("LaunchTemplateName")
    for template in ec2._launch_templates.values():
        if template_id == template["LaunchTemplateId"] or (not template_id and name == template["LaunchTemplateName"]):
            return template
    if template_id:
        raise ServiceRefusal(
            "InvalidLaunchTemplateId.NotFound",
            f"The specified launch template, with template ID {template_id}, does not exist.",
        )
    raise ServiceRefusal(
        "InvalidLaunchTemplateName.NotFoundException",
        f"The specified launch template, with template name {name}, does not exist.",
    )


def find_version(template: dict, version: object) -> dict:
    """The version that `$Latest`, `$Default`, nothing (the default) or a number names."""
    wanted = str(version or "$Default")
    if wanted == "$Default":
        wanted = str(template["DefaultVersionNumber"])
    elif wanted == "$Latest":
        wanted = str(template["LatestVersionNumber"])
    for each in template["Versions"]:
        if str(each["VersionNumber"]) == wanted:
            return each
    raise ServiceRefusal(
        "InvalidLaunchTemplateId.VersionNotFound",
        f"Could not find the specified version {wanted} for the launch template with ID "
        f"{template['LaunchTemplateId']}.",
    )


def with_template(request: dict) -> dict:
    """A RunInstances request with the members of its launch template filled in."""
    specification = request.get("LaunchTemplate")
    if not specification:
        return request
    template = find_template(specification)
    version = find_version(template, specification.get("Version"))
    tags = [
        {"Key": "aws:ec2launchtemplate:id", "Value": template["LaunchTemplateId"]},
        {"Key": "aws:ec2launchtemplate:version", "Value": str(version["VersionNumber"])},
    ]
    merged = {**version["LaunchTemplateData"], **request, "_system_tags": tags}
    if "TagSpecifications" in request:
        merged["TagSpecifications"] = [
            *(version["LaunchTemplateData"].get("TagSpecifications") or []),
            *request["TagSpecifications"],
        ]
    return merged
