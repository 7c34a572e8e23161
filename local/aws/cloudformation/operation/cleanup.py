"""The end of a successful update: what was replaced or removed is deleted.

A refused delete is tried three times; then CloudFormation lets the resource go and the update is complete:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html
"""

import logging

from ministack.services.cloudformation import engine, provisioners, stacks

from aws.cloudformation.operation.resource import run_handler
from aws.cloudformation.operation.state import Operation, Replaced

log = logging.getLogger("local-aws.cloudformation")

ATTEMPTS = 3


async def clean_up(operation: Operation) -> None:
    """Delete replaced predecessors, then removed resources, dependents first."""
    for replaced in reversed(operation.replaced):
        await _delete_predecessor(operation, replaced)
    removed = _removal_order(operation)
    for logical_id in removed:
        await _remove(operation, logical_id)


async def _delete_predecessor(operation: Operation, replaced: Replaced) -> None:
    policy = _policy(operation, replaced.logical_id, operation.template, "UpdateReplacePolicy")
    kind, old_id = replaced.resource_type, replaced.old_id
    if policy in provisioners._RETAINING_POLICIES:
        if replaced.new_id != old_id:
            operation.event(replaced.logical_id, "DELETE_SKIPPED", physical_id=old_id)
        return

    def delete() -> None:
        if policy == "Snapshot":
            provisioners._snapshot_resource(kind, old_id, replaced.old_properties)
        while replaced.pending_deletes:
            function, arguments, keywords = replaced.pending_deletes[0]
            function(*arguments, **keywords)
            replaced.pending_deletes.pop(0)
        if replaced.new_id != old_id:
            provisioners._delete_resource(kind, old_id, replaced.old_properties, operation.name, replaced.logical_id)

    await _attempt(operation, replaced.logical_id, kind, old_id, delete)


async def _remove(operation: Operation, logical_id: str) -> None:
    record = operation.resources[logical_id]
    kind, physical_id = record["ResourceType"], record["PhysicalResourceId"]
    policy = _policy(operation, logical_id, operation.previous.get("_template") or {}, "DeletionPolicy")
    if not physical_id:
        operation.resources.pop(logical_id)
        return
    if policy in provisioners._RETAINING_POLICIES:
        operation.event(logical_id, "DELETE_SKIPPED", physical_id=physical_id)
        operation.resources.pop(logical_id)
        return

    def delete() -> None:
        if policy == "Snapshot":
            provisioners._snapshot_resource(kind, physical_id, record["Properties"])
        provisioners._delete_resource(kind, physical_id, record["Properties"], operation.name, logical_id)

    await _attempt(operation, logical_id, kind, physical_id, delete)
    operation.resources.pop(logical_id)


async def _attempt(operation: Operation, logical_id: str, kind: str, physical_id: str, delete) -> None:
    for _attempt_number in range(ATTEMPTS):
        operation.event(logical_id, "DELETE_IN_PROGRESS", physical_id=physical_id)
        try:
            await run_handler(kind, delete)
        # What a service refuses is an event of the stack, not its failure.
        except Exception as error:  # noqa: BLE001
            log.warning("delete of %s (%s) refused: %s", logical_id, physical_id, error)
            operation.event(logical_id, "DELETE_FAILED", str(error), physical_id)
            continue
        operation.event(logical_id, "DELETE_COMPLETE", physical_id=physical_id)
        return


def _removal_order(operation: Operation) -> list[str]:
    active = {
        name
        for name, definition in operation.definitions.items()
        if operation.conditions.get(definition.get("Condition"), True)
    }
    gone = set(operation.resources) - active
    definitions = (operation.previous.get("_template") or {}).get("Resources", {})
    conditions = operation.previous.get("_conditions", {})
    ordered = [name for name in engine._topological_sort(definitions, conditions) if name in gone]
    return [*sorted(gone - set(ordered)), *reversed(ordered)]


def _policy(operation: Operation, logical_id: str, template: dict, attribute: str) -> str:
    older = template is not operation.template
    source = operation.previous if older else operation.stack
    return stacks._resource_policy(
        template.get("Resources", {}).get(logical_id),
        attribute,
        operation.resources,
        source.get("_resolved_params", {}) if older else operation.parameters,
        source.get("_conditions", {}) if older else operation.conditions,
        template.get("Mappings", {}),
        operation.name,
        operation.stack_id,
    )
