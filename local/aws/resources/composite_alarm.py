"""AWS::CloudWatch::CompositeAlarm.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-compositealarm.html
"""

import json

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from aws.resources.handlers import Outcome, register
from aws.runtime.query import ServiceRefusal


def _put(name: str, properties: dict) -> Outcome:
    # A caller may not set aws:* tags and an existing alarm's are not changed by this call: they are put beside it.
    request = {**{key: value for key, value in properties.items() if key != "Tags"}, "AlarmName": name}
    status, _headers, body = cloudwatch._put_composite_alarm({}, request, False, is_json=True)
    if status >= 400:
        answer = json.loads(body)
        raise ServiceRefusal(answer.get("__type", "ValidationError"), answer.get("message", str(answer)))
    arn = cloudwatch._composite_alarms[name]["AlarmArn"]
    cloudwatch._resource_tags[arn] = {tag["Key"]: tag.get("Value", "") for tag in properties.get("Tags") or []}
    return name, {"Arn": arn}


def _create(logical_id: str, properties: dict, stack_name: str) -> Outcome:
    return _put(properties.get("AlarmName") or provisioners._physical_name(stack_name, logical_id), properties)


def _update(physical_id: str, _old: dict, new: dict, _stack_name: str) -> Outcome:
    return _put(physical_id, new)


def _delete(physical_id: str, _properties: dict) -> None:
    cloudwatch._composite_alarms.pop(physical_id, None)


def install() -> None:
    """Teach CloudFormation the type."""
    register("AWS::CloudWatch::CompositeAlarm", _create, _delete, _update)
