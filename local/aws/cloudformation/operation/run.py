"""A create or an update of a stack, from its first resource to its last status.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

import asyncio
import functools

import ministack.services.cloudformation as cloudformation
from ministack.services.cloudformation import changesets, engine, handlers, stacks

from aws.cloudformation.operation import schedule
from aws.cloudformation.operation.cleanup import clean_up
from aws.cloudformation.operation.failure import give_up
from aws.cloudformation.operation.resource import apply
from aws.cloudformation.operation.state import Failed, Operation, running
from aws.cloudformation.readiness import POLL_SECONDS

_deploy_elsewhere = stacks._deploy_stack_async


async def deploy(
    stack_name: str,
    stack_id: str,
    template: dict,
    param_values: dict,
    disable_rollback: bool,
    tags: list,
    is_update: bool = False,
    previous_stack: dict | None = None,
    retain_except_on_create: bool = False,
    imports: dict | None = None,
) -> None:
    """Run a stack operation in the background: MiniStack's own signature, which its handlers call.

    An operation that adopts existing resources (ImportExistingResources) is MiniStack's own.
    """
    if imports:
        await _deploy_elsewhere(
            stack_name,
            stack_id,
            template,
            param_values,
            disable_rollback,
            tags,
            is_update,
            previous_stack,
            retain_except_on_create,
            imports,
        )
        return
    stack = cloudformation._stacks[stack_name]
    stack.pop("_failed_operation", None)
    conditions = engine._evaluate_conditions(template, param_values)
    operation = Operation(stack, template, param_values, conditions, (previous_stack or {}) if is_update else None)
    if _invalid(operation, disable_rollback):
        return
    running[stack_id] = operation
    try:
        waiting = schedule.dependencies(operation.definitions, conditions)
        await schedule.run(waiting, functools.partial(apply, operation), operation.stop)
        if operation.abandoned:
            return
        outputs = _outputs(operation) if not operation.stop.is_set() else None
        if outputs is None:
            await give_up(operation, disable_rollback, retain_except_on_create)
        else:
            await _succeed(operation, *outputs)
    finally:
        running.pop(stack_id, None)


def _invalid(operation: Operation, disable_rollback: bool) -> bool:
    """MiniStack's checks before the first resource; True when the operation ended there."""
    stack = operation.stack
    if stack.get("_disable_validation"):
        return False
    return stacks._fail_property_validation(
        stack,
        operation.stack_id,
        operation.name,
        operation.definitions,
        engine._topological_sort(operation.definitions, operation.conditions),
        operation.parameters,
        operation.conditions,
        operation.template.get("Mappings", {}),
        disable_rollback,
        previous_stack=operation.previous,
    )


def _outputs(operation: Operation) -> tuple[list, dict] | None:
    """The outputs and exports, or None after an output that cannot be resolved, which fails the operation."""
    active = operation.definitions.keys()
    try:
        return stacks._resolve_stack_outputs(
            operation.template.get("Outputs", {}),
            operation.conditions,
            {name: record for name, record in operation.resources.items() if name in active},
            operation.parameters,
            operation.template.get("Mappings", {}),
            operation.name,
            operation.stack_id,
        )
    except ValueError as error:
        operation.failed.append(Failed("", str(error), None))
        return None


async def _succeed(operation: Operation, outputs: list, exports: dict) -> None:
    stack = operation.stack
    cloudformation._exports.update(exports)
    stack.update(Outputs=outputs, Description=operation.template.get("Description", ""))
    if operation.is_update:
        operation.stack_event("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        await clean_up(operation)
    stack["_template"] = operation.template
    stack["_resolved_params"] = operation.parameters
    operation.stack_event(f"{operation.prefix}_COMPLETE")


async def abandon(stack_id: str) -> None:
    """Stop what runs on a stack and wait until it has: a delete takes over."""
    while operation := running.get(stack_id):
        operation.abandoned = True
        operation.stop.set()
        await asyncio.sleep(POLL_SECONDS)


def cancel_update(params: dict) -> tuple:
    """CancelUpdateStack: what is becoming ready is given up at once, and the update is rolled back.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html
    """
    answer = _cancel_elsewhere(params)
    stack = handlers._resolve_stack(handlers._p(params, "StackName"))
    operation = running.get(stack["StackId"]) if stack and answer[0] < 400 else None
    if operation:
        operation.cancelled = True
        operation.stop.set()
    return answer


_cancel_elsewhere = handlers._cancel_update_stack


def install() -> None:
    """Run every stack operation here."""
    for module in (stacks, handlers, changesets):
        module._deploy_stack_async = deploy
    handlers._ACTION_HANDLERS["CancelUpdateStack"] = cancel_update
