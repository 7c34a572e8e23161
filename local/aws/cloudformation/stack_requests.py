"""What CloudFormation refuses of a stack in the wrong state.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
"""

import ministack.services.cloudformation as cloudformation
from ministack.core.responses import now_iso
from ministack.services.cloudformation import handlers, helpers, stacks

from aws.cloudformation.changes.execute import PAUSED
from aws.cloudformation.changes.request import UPDATABLE
from aws.cloudformation.operation.run import abandon

_create_elsewhere = handlers._create_stack
_update_elsewhere = handlers._update_stack
_delete_elsewhere = handlers._delete_stack
_delete_resources = stacks._delete_stack_async


def create_stack(params: dict) -> tuple:
    """A stack that ended in ROLLBACK_COMPLETE still has its name: it can only be deleted."""
    name = helpers._p(params, "StackName")
    existing = cloudformation._stacks.get(name)
    if existing is not None and existing["StackStatus"] != "DELETE_COMPLETE":
        return helpers._error("AlreadyExistsException", f"Stack [{name}] already exists")
    answer = _create_elsewhere(params)
    if answer[0] < 400:
        _note_request(params, cloudformation._stacks[name])
    return answer


def update_stack(params: dict) -> tuple:
    """A stack that failed and was not rolled back is updated with DisableRollback only."""
    stack = handlers._resolve_stack(helpers._p(params, "StackName"))
    status = stack["StackStatus"] if stack else ""
    paused = status in ("CREATE_FAILED", "UPDATE_FAILED")
    if stack and paused and helpers._p(params, "DisableRollback", "false").lower() != "true":
        return helpers._error("ValidationError", PAUSED.format(status=status))
    if stack and status != "DELETE_COMPLETE" and status not in UPDATABLE:
        return helpers._error(
            "ValidationError", f"Stack:{stack['StackId']} is in {status} state and can not be updated."
        )
    if paused:
        # MiniStack takes settled states only.
        stack["StackStatus"] = "UPDATE_COMPLETE"
    answer = _update_elsewhere(params)
    if answer[0] >= 400 and paused:
        stack["StackStatus"] = status
    if answer[0] < 400 and stack:
        stack.pop("ChangeSetId", None)
        _note_request(params, stack)
    return answer


def _note_request(params: dict, stack: dict) -> None:
    role = helpers._p(params, "RoleARN")
    if role:
        stack["RoleARN"] = role
    stack["DisableRollback"] = helpers._p(params, "DisableRollback", "false").lower() == "true"


def delete_stack(params: dict) -> tuple:
    """An update that runs is not interrupted by a delete."""
    stack = handlers._resolve_stack(helpers._p(params, "StackName"))
    status = stack["StackStatus"] if stack else ""
    if status.startswith("UPDATE") and status.endswith("IN_PROGRESS"):
        message = f"Stack [{stack['StackName']}] cannot be deleted while in status {status}"
        return helpers._error("ValidationError", message)
    return _delete_elsewhere(params)


async def delete_resources(stack_name: str, stack_id: str, retain_resources=(), force: bool = False) -> None:
    """MiniStack's delete, without what never came to exist, after what still runs, and with the time of its end."""
    stack = cloudformation._stacks.get(stack_name)
    if stack is None:
        return
    stack["StackStatus"] = "DELETE_IN_PROGRESS"
    await abandon(stack_id)
    for logical_id in [name for name, record in stack["_resources"].items() if not record["PhysicalResourceId"]]:
        stack["_resources"].pop(logical_id)
    await _delete_resources(stack_name, stack_id, retain_resources, force)
    if stack["StackStatus"] == "DELETE_COMPLETE":
        stack["DeletionTime"] = now_iso()


def install() -> None:
    """Judge requests here before MiniStack acts on them."""
    actions = handlers._ACTION_HANDLERS
    actions.update(CreateStack=create_stack, UpdateStack=update_stack, DeleteStack=delete_stack)
    for module in (stacks, handlers):
        module._delete_stack_async = delete_resources
