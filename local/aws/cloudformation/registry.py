"""What CloudFormation's registry says of a resource type: the committed facts of `local/facts`.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FACTS = Path(__file__).parents[2] / "facts" / "resource-types.json"


@dataclass(frozen=True)
class TypeFacts:
    """One resource type. Nested names are dotted: `Endpoint.Address`."""

    create_only: frozenset[str]
    conditional_create_only: frozenset[str]
    read_only: frozenset[str]
    attributes: frozenset[str]
    primary_identifier: tuple[str, ...]
    tag_property: str | None
    tag_shape: str | None
    # Whether CloudFormation adds its own aws:cloudformation:* tags.
    system_tags: bool


@functools.cache
def _table() -> dict:
    return json.loads(FACTS.read_text())


@functools.cache
def facts_of(resource_type: str) -> TypeFacts | None:
    """The facts of a type, or None for a type that neither a site nor the controller uses."""
    found = _table().get(resource_type)
    if found is None:
        return None
    tags = found.get("tags") or {}
    return TypeFacts(
        create_only=frozenset(found["createOnly"]),
        conditional_create_only=frozenset(found["conditionalCreateOnly"]),
        read_only=frozenset(found["readOnly"]),
        attributes=frozenset(found["attributes"]),
        primary_identifier=tuple(found["primaryIdentifier"]),
        tag_property=tags.get("property"),
        tag_shape=tags.get("shape"),
        system_tags=tags.get("system", False),
    )


def listed_types() -> list[str]:
    """Every type that has facts, sorted."""
    return sorted(_table())


def value_at(properties: object, path: str) -> object:
    """The value at a dotted path, or None."""
    value = properties
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value
