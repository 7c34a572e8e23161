"""The template that a stack really has after an operation that failed and was not rolled back.

Resources that were done have their new definition, those that were not reached their old one, those that failed to
create none: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from aws.cloudformation.changes.resolution import resolved_template
from aws.cloudformation.operation.state import Operation


def effective_template(operation: Operation) -> dict:
    """The submitted template with each resource's definition as it is in force."""
    previous = operation.previous or {}
    old = resolved_template(
        previous.get("_template") or {}, previous.get("_resolved_params") or {}, operation.name, operation.stack_id
    ).get("Resources", {})
    complete = {
        name
        for name in operation.definitions
        if operation.resources.get(name, {}).get("ResourceStatus") in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        and (name in operation.done or _untouched(operation, name))
    }
    definitions = {name: operation.definitions[name] for name in operation.definitions if name in complete}
    kept = {name: definition for name, definition in old.items() if name not in definitions}
    created = {name: definition for name, definition in kept.items() if _exists(operation, name)}
    return {**operation.template, "Resources": {**created, **definitions}}


def _exists(operation: Operation, name: str) -> bool:
    record = operation.resources.get(name, {})
    return bool(record.get("PhysicalResourceId")) and record.get("ResourceStatus") != "CREATE_FAILED"


def _untouched(operation: Operation, name: str) -> bool:
    """Whether the old and the new definition are the same: the operation had nothing to do for it."""
    previous = operation.previous or {}
    same_parameters = previous.get("_resolved_params") == operation.parameters
    return (
        same_parameters and previous.get("_template", {}).get("Resources", {}).get(name) == operation.definitions[name]
    )
