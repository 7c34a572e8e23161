"""CloudFormation's events on EventBridge: each status of a stack and of its resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-resource-status-change.html
"""

from collections.abc import Callable

from ministack.services.cloudformation import changesets, handlers, stacks

from aws.runtime.events import emit

_record: Callable[..., None] = stacks._add_event


def add_event(
    stack_id: str,
    stack_name: str,
    logical_id: str,
    resource_type: str,
    status: str,
    reason: str = "",
    physical_id: str = "",
    detailed_status: str = "",
) -> None:
    """Record a stack event as MiniStack does, and put it on the account's default bus."""
    _record(stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status)
    detail = {
        "stack-id": stack_id,
        "status-details": {"status": status, "status-reason": reason},
        "client-request-token": stacks.CLIENT_REQUEST_TOKEN.get(),
    }
    if resource_type == "AWS::CloudFormation::Stack" and logical_id == stack_name:
        emit("aws.cloudformation", "CloudFormation Stack Status Change", detail, [stack_id])
        return
    detail |= {
        "logical-resource-id": logical_id,
        "physical-resource-id": physical_id,
        "resource-type": resource_type,
    }
    emit("aws.cloudformation", "CloudFormation Resource Status Change", detail, [stack_id])


def install() -> None:
    """Send an event wherever MiniStack records one."""
    for module in (stacks, handlers, changesets):
        module._add_event = add_event
