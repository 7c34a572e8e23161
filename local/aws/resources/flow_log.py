"""AWS::EC2::FlowLog: all but its tags replaces it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-flowlog.html
"""

from ministack.services import ec2

from aws.resources.handlers import Outcome, keep_tags, register
from aws.runtime.query import call, element

PASSED_ON = ("ResourceType", "TrafficType", "LogGroupName", "LogDestinationType", "LogDestination")


def _create(_logical_id: str, properties: dict, _stack_name: str) -> Outcome:
    request = {name: properties.get(name) for name in PASSED_ON}
    answer = call(ec2._ACTION_MAP, "CreateFlowLogs", {**request, "ResourceId": [properties["ResourceId"]]}, None)
    flow_log = element(answer, "item")
    keep_tags(flow_log, properties)
    return flow_log, {"Id": flow_log}


def _update(physical_id: str, _old: dict, new: dict, _stack_name: str) -> Outcome:
    keep_tags(physical_id, new)
    return physical_id, {"Id": physical_id}


def _delete(physical_id: str, _properties: dict) -> None:
    call(ec2._ACTION_MAP, "DeleteFlowLogs", {"FlowLogId": [physical_id]}, None)


def install() -> None:
    """Teach CloudFormation the type."""
    register("AWS::EC2::FlowLog", _create, _delete, _update)
