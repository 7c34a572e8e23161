"""The end of an operation that failed or was cancelled: rolled back, or left as it is when rollback is disabled.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from ministack.services.cloudformation import stacks

from aws.cloudformation.changes.effective import effective_template
from aws.cloudformation.operation.state import Failed, Operation


async def give_up(operation: Operation, disable_rollback: bool, retain_except_on_create: bool) -> None:
    """Roll the operation back, or keep what it made and what failed."""
    stack = operation.stack
    previous = operation.previous
    first = operation.failed[0] if operation.failed else Failed("", "User Initiated", None)
    reason = _reason(operation)
    record = stacks._failed_operation(
        operation.is_update,
        previous,
        operation.done,
        _failed_update(operation, first),
        first.logical_id or None,
        [replaced.logical_id for replaced in operation.replaced],
        operation.cancelled,
        operation.template,
        operation.parameters,
        retain_except_on_create,
        stack.get("Tags") or [],
        (previous or {}).get("Tags") or [],
    )
    if not disable_rollback:
        await stacks._roll_back_operation(
            operation.name,
            operation.stack_id,
            stack,
            record,
            reason_override="User Initiated" if operation.cancelled else reason,
        )
        return
    stack["_failed_operation"] = record
    # What the next change set is compared with is what is there, not what was asked for.
    stack["_template"] = effective_template(operation)
    stack["_resolved_params"] = operation.parameters
    operation.stack_event(f"{operation.prefix}_FAILED", reason)


def _failed_update(operation: Operation, first: Failed) -> tuple | None:
    if not operation.existed(first.logical_id):
        return None
    before = operation.before(first.logical_id)
    kind = before["ResourceType"]
    if first.attempt is None:
        return (first.logical_id, kind, before["PhysicalResourceId"], None, None, None)
    return (first.logical_id, kind, *first.attempt)


def _reason(operation: Operation) -> str:
    named = [failed for failed in operation.failed if failed.logical_id]
    if not named:
        return operation.failed[0].reason if operation.failed else "User Initiated"
    creates = [failed.logical_id for failed in named if not operation.existed(failed.logical_id)]
    updates = [failed.logical_id for failed in named if operation.existed(failed.logical_id)]
    parts = [
        f"The following resource(s) failed to {verb}: [{', '.join(sorted(names))}]. "
        for verb, names in (("create", creates), ("update", updates))
        if names
    ]
    return "".join(parts)
