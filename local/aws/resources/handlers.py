"""How a resource type is given to CloudFormation: create, update and delete by physical id.

The shape is MiniStack's: `create(logical_id, properties, stack_name) -> (physical id, attributes)`,
`update(physical_id, old, new, stack_name) -> (physical id, attributes)`, `delete(physical_id, properties)`.
"""

from collections.abc import Callable

from ministack.core.responses import new_uuid
from ministack.services import ec2
from ministack.services.cloudformation import provisioners

Outcome = tuple[str, dict]


def register(
    resource_type: str,
    create: Callable[[str, dict, str], Outcome],
    delete: Callable[[str, dict], object],
    update: Callable[[str, dict, dict, str], Outcome] | None = None,
) -> None:
    """Add or replace a type. A type without `update` has no property that changes in place."""
    provisioners._RESOURCE_HANDLERS[resource_type] = {
        "create": create,
        "delete": delete,
        **({"update": update} if update else {}),
    }


def keep_tags(resource_id: str, properties: dict) -> None:
    """Make an EC2 resource's tags those of its properties."""
    ec2._tags[resource_id] = [dict(tag) for tag in properties.get("Tags") or []]


def amend(
    resource_type: str,
    complete: Callable[[str, dict], dict],
    identify: Callable[[str, dict], str] | None = None,
) -> None:
    """Correct what MiniStack's handlers do for a type.

    `complete(physical id, properties)` runs after a create and an update: it may complete the service's record, and the
    attributes that it gives are added to (or put over) the handler's. `identify(its physical id,
    properties)` gives the physical id that Ref has on AWS; the handlers go on seeing their own.
    """
    theirs = dict(provisioners._RESOURCE_HANDLERS[resource_type])
    own_ids: dict[str, str] = {}

    def corrected(outcome: Outcome, properties: dict) -> Outcome:
        own_id, answered = outcome
        physical_id = identify(own_id, properties) if identify else own_id
        own_ids[physical_id] = own_id
        return physical_id, {**answered, **complete(own_id, properties)}

    def create(logical_id: str, properties: dict, stack_name: str) -> Outcome:
        return corrected(theirs["create"](logical_id, properties, stack_name), properties)

    def update(physical_id: str, old: dict, new: dict, stack_name: str, logical_id: str | None = None) -> Outcome:
        more = (logical_id,) if theirs.get("update_with_logical_id") else ()
        return corrected(theirs["update"](own_ids.get(physical_id, physical_id), old, new, stack_name, *more), new)

    def delete(physical_id: str, properties: dict) -> None:
        theirs["delete"](own_ids.get(physical_id, physical_id), properties)

    amended = {**theirs, "create": create, "delete": delete}
    if "update" in theirs:
        amended |= {"update": update, "update_with_logical_id": True}
    provisioners._RESOURCE_HANDLERS[resource_type] = amended


def named(resource_type: str, name_property: str, longest: int) -> None:
    """Give resources without a name the one that CloudFormation makes: stack, logical id and a random part."""
    theirs = dict(provisioners._RESOURCE_HANDLERS[resource_type])

    def create(logical_id: str, properties: dict, stack_name: str) -> Outcome:
        made = f"{stack_name}-{logical_id}"[: longest - 14] + f"-{new_uuid().replace('-', '')[:13]}"
        return theirs["create"](
            logical_id, {**properties, name_property: properties.get(name_property) or made}, stack_name
        )

    def update(physical_id: str, old: dict, new: dict, stack_name: str, logical_id: str | None = None) -> Outcome:
        # The name goes along, else MiniStack takes the made one for a rename.
        kept = {name_property: physical_id}
        more = (logical_id,) if theirs.get("update_with_logical_id") else ()
        return theirs["update"](physical_id, {**old, **kept}, {**new, **kept}, stack_name, *more)

    provisioners._RESOURCE_HANDLERS[resource_type] = {
        **theirs,
        "create": create,
        "update": update,
        "update_with_logical_id": True,
    }
