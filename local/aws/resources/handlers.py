"""How a resource type is given to CloudFormation: create, update and delete by physical id.

The shape is MiniStack's: `create(logical_id, properties, stack_name) -> (physical id, attributes)`,
`update(physical_id, old, new, stack_name) -> (physical id, attributes)`, `delete(physical_id, properties)`.
"""

from collections.abc import Callable

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
