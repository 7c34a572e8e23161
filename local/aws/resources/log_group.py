"""AWS::Logs::LogGroup: an unnamed one has a generated name, a name that is taken is refused.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
"""

import json

from ministack.services import cloudwatch_logs
from ministack.services.cloudformation import provisioners

from aws.resources.handlers import Outcome, named
from aws.runtime.query import ServiceRefusal

TYPE = "AWS::Logs::LogGroup"


def _refuse_taken_names() -> None:
    theirs = dict(provisioners._RESOURCE_HANDLERS[TYPE])

    def create(logical_id: str, properties: dict, stack_name: str) -> Outcome:
        name = properties.get("LogGroupName")
        if name in cloudwatch_logs._log_groups:
            identifier = json.dumps({"/properties/LogGroupName": name}, separators=(",", ":"))
            raise ServiceRefusal(
                "AlreadyExists", f"Resource of type '{TYPE}' with identifier '{identifier}' already exists."
            )
        return theirs["create"](logical_id, properties, stack_name)

    provisioners._RESOURCE_HANDLERS[TYPE] = {**theirs, "create": create}


def install() -> None:
    """Correct the type."""
    _refuse_taken_names()
    named(TYPE, "LogGroupName", 512)
