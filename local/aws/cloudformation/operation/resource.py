"""One resource of a stack operation: resolved, compared with what is there, created or updated, awaited.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

import logging

from ministack.core.concurrency import run_reentrant
from ministack.core.responses import new_uuid, now_iso
from ministack.services.cloudformation import provisioners, stacks

from aws.cloudformation.attributes import readable
from aws.cloudformation.operation.definition import policy, resolve, tagged
from aws.cloudformation.operation.state import Failed, Operation, Replaced
from aws.cloudformation.readiness import Cancelled, settle, show_busy
from aws.runtime.query import ServiceRefusal

log = logging.getLogger("local-aws.cloudformation")

REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."
INITIATED = "Resource creation Initiated"


async def apply(operation: Operation, logical_id: str) -> None:
    """Bring one resource to its definition. A failure is noted in the operation, which then stops."""
    attempt: list = []
    try:
        await _apply(operation, logical_id, attempt)
    # Whatever a service refuses becomes the resource's failure, as on AWS.
    except Exception as error:
        reason = _cancelled_reason(operation, logical_id) if isinstance(error, Cancelled) else str(error)
        if not isinstance(error, Cancelled | ServiceRefusal | ValueError):
            log.exception("%s of %s failed", logical_id, operation.name)
        _fail(operation, logical_id, reason, attempt[0] if attempt else None, isinstance(error, Cancelled))


def _cancelled_reason(operation: Operation, logical_id: str) -> str:
    return f"Resource {'update' if operation.existed(logical_id) else 'creation'} cancelled"


def _fail(operation: Operation, logical_id: str, reason: str, attempt: tuple | None, cancelled: bool) -> None:
    status = f"{'UPDATE' if operation.existed(logical_id) else 'CREATE'}_FAILED"
    record = operation.resources.setdefault(
        logical_id,
        {
            "PhysicalResourceId": "",
            "ResourceType": operation.definitions[logical_id]["Type"],
            "LogicalResourceId": logical_id,
            "Properties": {},
            "Attributes": {},
        },
    )
    record.update(ResourceStatus=status, ResourceStatusReason=reason, Timestamp=now_iso())
    operation.event(logical_id, status, reason, record["PhysicalResourceId"])
    if not cancelled:
        operation.failed.append(Failed(logical_id, reason, attempt))
    operation.stop.set()


async def _apply(operation: Operation, logical_id: str, attempt: list) -> None:
    properties, dynamic = resolve(operation, logical_id)
    if operation.existed(logical_id):
        await _update(operation, logical_id, properties, dynamic, attempt)
        return
    failed = operation.before(logical_id)
    if failed and failed["PhysicalResourceId"]:
        # "Resources without a last known stable state will be deleted by CloudFormation upon the next stack operation":
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
        kind, old_id = failed["ResourceType"], failed["PhysicalResourceId"]
        await run_handler(
            kind, provisioners._delete_resource, kind, old_id, failed["Properties"], operation.name, logical_id
        )
    operation.resources.pop(logical_id, None)
    await _create(operation, logical_id, properties, dynamic)


async def _create(operation: Operation, logical_id: str, properties: dict, dynamic: dict) -> None:
    kind = operation.definitions[logical_id]["Type"]
    operation.event(logical_id, "CREATE_IN_PROGRESS")
    properties_and_tags = tagged(operation, logical_id, kind, properties, operation.stack.get("Tags") or [])
    (physical_id, answered), seed = await run_handler(
        kind, _provision, kind, logical_id, properties_and_tags, operation.name
    )
    operation.event(logical_id, "CREATE_IN_PROGRESS", INITIATED, physical_id)
    record = _record(operation, logical_id, "CREATE_IN_PROGRESS", physical_id, properties, answered, dynamic, seed)
    operation.done.append(logical_id)
    await settle(kind, physical_id, "create", operation.stop)
    _complete(operation, logical_id, record, "CREATE_COMPLETE")


def _provision(kind: str, logical_id: str, properties: dict, stack_name: str) -> tuple[tuple, str]:
    """Create a resource; the seed of its generated name is random, so that no two resources ever share one."""
    seed = new_uuid()[:8]
    token = provisioners._NAME_SEED.set(seed)
    try:
        outcome = provisioners._provision_resource(kind, logical_id, properties, stack_name)
        show_busy(kind, outcome[0], "create")
        return outcome, seed
    finally:
        provisioners._NAME_SEED.reset(token)


async def _update(operation: Operation, logical_id: str, properties: dict, dynamic: dict, attempt: list) -> None:
    before = operation.before(logical_id)
    kind = operation.definitions[logical_id]["Type"]
    old_id, old_properties = before["PhysicalResourceId"], before.get("Properties", {})
    old = tagged(operation, logical_id, kind, old_properties, operation.previous.get("Tags") or [])
    new = tagged(operation, logical_id, kind, properties, operation.stack.get("Tags") or [])
    if old == new and before.get("ResourceStatus") != "UPDATE_FAILED":
        return
    replaces = stacks._replacing_change(kind, old, new)
    reason = REPLACING if replaces else ""
    operation.event(logical_id, "UPDATE_IN_PROGRESS", reason, old_id)
    if not replaces:
        attempt.append((old_id, new, old, before.get("Attributes", {})))
    record = operation.resources[logical_id]
    record["ResourceStatus"] = "UPDATE_IN_PROGRESS"
    (physical_id, answered), seed, deletes = await _run_update(operation, logical_id, kind, before, old, new)
    if physical_id != old_id or deletes:
        operation.replaced.append(Replaced(logical_id, kind, old_id, physical_id, old_properties, deletes))
    record = _record(operation, logical_id, "UPDATE_IN_PROGRESS", physical_id, properties, answered, dynamic, seed)
    operation.done.append(logical_id)
    await settle(kind, physical_id, "create" if physical_id != old_id else "update", operation.stop)
    _complete(operation, logical_id, record, "UPDATE_COMPLETE")


async def _run_update(
    operation: Operation, logical_id: str, kind: str, before: dict, old: dict, new: dict
) -> tuple[tuple, str, list]:
    """Call the type's update handler as MiniStack's engine does: the predecessor's delete waits for the cleanup."""
    deletes: list = []
    retained = policy(operation, logical_id, "UpdateReplacePolicy") in provisioners._RETAINING_POLICIES
    tokens = (
        (provisioners._RETAIN_REPLACED, provisioners._RETAIN_REPLACED.set(retained)),
        (
            provisioners._DEFERRED_PREDECESSOR_DELETES,
            provisioners._DEFERRED_PREDECESSOR_DELETES.set(deletes),
        ),
        (provisioners._NAME_SEED, provisioners._NAME_SEED.set(before.get("_name_seed", ""))),
    )
    try:
        result, seed = await run_handler(
            kind,
            stacks._update_keeping_seed,
            kind,
            before["PhysicalResourceId"],
            old,
            new,
            operation.name,
            logical_id,
            before.get("Attributes", {}),
        )
    finally:
        for variable, token in tokens:
            variable.reset(token)
    return result, seed, deletes


async def run_handler(kind: str, handler, *arguments):
    """Call a handler, on a thread of its own when its type blocks."""
    if stacks._runs_on_worker_thread(kind):
        return await run_reentrant(handler, *arguments)
    return handler(*arguments)


def _record(
    operation: Operation,
    logical_id: str,
    status: str,
    physical_id: str,
    properties: dict,
    answered: dict,
    dynamic: dict,
    seed: str,
) -> dict:
    kind = operation.definitions[logical_id]["Type"]
    record = {
        "PhysicalResourceId": physical_id,
        "ResourceType": kind,
        "ResourceStatus": status,
        "LogicalResourceId": logical_id,
        "Properties": properties,
        "Attributes": readable(kind, physical_id, properties, answered or {}),
        "Timestamp": now_iso(),
    }
    if dynamic:
        record["_dynamic"] = dynamic
    if seed:
        record["_name_seed"] = seed
    operation.resources[logical_id] = record
    return record


def _complete(operation: Operation, logical_id: str, record: dict, status: str) -> None:
    record.update(ResourceStatus=status, Timestamp=now_iso())
    operation.event(logical_id, status, physical_id=record["PhysicalResourceId"])
