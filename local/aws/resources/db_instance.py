"""AWS::RDS::DBInstance: what Fn::GetAtt reads of the instance's record, and the second zone of a Multi-AZ instance.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
"""

from ministack.core.responses import get_region
from ministack.services import rds

from aws.resources.handlers import amend


def _attributes(name: str, properties: dict) -> dict:
    instance = rds._instances[name]
    if instance["MultiAZ"]:
        zone = instance["AvailabilityZone"]
        instance["SecondaryAvailabilityZone"] = f"{get_region()}{'b' if zone.endswith('a') else 'a'}"
    else:
        instance.pop("SecondaryAvailabilityZone", None)
    instance["EnabledCloudwatchLogsExports"] = list(properties.get("EnableCloudwatchLogsExports") or [])
    return {
        "Endpoint.HostedZoneId": instance["Endpoint"]["HostedZoneId"],
        "InstanceCreateTime": instance["InstanceCreateTime"],
        "LatestRestorableTime": instance["LatestRestorableTime"],
        "SecondaryAvailabilityZone": instance.get("SecondaryAvailabilityZone", ""),
        # CloudFormation reads it when the instance is ready.
        "DBInstanceStatus": "available",
    }


def install() -> None:
    """Add what MiniStack's handlers leave out."""
    amend("AWS::RDS::DBInstance", _attributes)
