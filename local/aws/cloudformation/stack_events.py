"""Each status of a stack and of its resources: the stack's events, its status reason, and EventBridge.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-resource-status-change.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from collections.abc import Callable

import ministack.services.cloudformation as cloudformation
from ministack.services.cloudformation import changesets, handlers, stacks

from aws.runtime.events import emit

STACK = "AWS::CloudFormation::Stack"
# What starts an operation is somebody's request.
STARTS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})

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
    """Record a stack event, keep the stack's reason that of its latest status, and put it on the default bus."""
    of_stack = resource_type == STACK and logical_id == stack_name
    if of_stack:
        reason = _stack_reason(status, reason)
        stack = cloudformation._stacks.get(stack_name)
        if stack is not None and stack["StackId"] == stack_id:
            stack["StackStatusReason"] = reason
    _record(stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status)
    detail = {
        "stack-id": stack_id,
        "status-details": {"status": status, "status-reason": reason},
        "client-request-token": stacks.CLIENT_REQUEST_TOKEN.get(),
    }
    if of_stack:
        emit("aws.cloudformation", "CloudFormation Stack Status Change", detail, [stack_id])
        return
    detail |= {
        "logical-resource-id": logical_id,
        "physical-resource-id": physical_id,
        "resource-type": resource_type,
    }
    emit("aws.cloudformation", "CloudFormation Resource Status Change", detail, [stack_id])


def _stack_reason(status: str, reason: str) -> str:
    if status in STARTS:
        return reason or "User Initiated"
    # A success gives no reason; MiniStack words one for a create that is rolled back.
    return "" if status.endswith("_COMPLETE") else reason


def install() -> None:
    """Send an event wherever MiniStack records one."""
    for module in (stacks, handlers, changesets):
        module._add_event = add_event
