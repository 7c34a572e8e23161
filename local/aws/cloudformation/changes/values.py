"""The property values of a change set: what is, and what would be as far as that can be known before.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass

from ministack.services.cloudformation import engine

LATER = "{{changeSet:KNOWN_AFTER_APPLY}}"
MASKED = "****"


@dataclass(frozen=True)
class Side:
    """One side of a change set: a template, its parameters and the resources that its references resolve to."""

    template: dict
    parameters: dict
    resources: dict
    stack_name: str
    stack_id: str

    def context(self, logical_id: str) -> dict | None:
        """A resource's definition with its properties resolved; secret parameters are masked."""
        definition = (self.template.get("Resources") or {}).get(logical_id)
        if definition is None:
            return None
        shown = {
            name: definition[name]
            for name in ("Metadata", "DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy")
            if name in definition
        }
        return {"Properties": self._properties(definition), **shown}

    def _properties(self, definition: dict) -> dict:
        parameters = {
            name: {**value, "Value": MASKED} if value.get("NoEcho") else value
            for name, value in self.parameters.items()
        }
        resolved = engine._resolve_refs(
            copy.deepcopy(definition.get("Properties", {})),
            self.resources,
            parameters,
            engine._evaluate_conditions(self.template, self.parameters),
            self.template.get("Mappings", {}),
            self.stack_name,
            self.stack_id,
        )
        return {name: value for name, value in resolved.items() if value is not engine._NO_VALUE}


class _Known(Mapping):
    """The attributes of a resource that stays as it is; one that it does not have yet is known later."""

    def __init__(self, attributes: dict):
        self.attributes = attributes

    def __contains__(self, _attribute: object) -> bool:
        return True

    def __getitem__(self, attribute: str) -> object:
        return self.attributes.get(attribute, LATER)

    def __iter__(self):
        return iter(self.attributes)

    def __len__(self) -> int:
        return len(self.attributes)


def existing(records: dict) -> dict:
    """What references resolve to in the stack as it is."""
    return {name: {**record, "Attributes": _Known(record.get("Attributes") or {})} for name, record in records.items()}


def foreseen(records: dict, template: dict, changes: list) -> dict:
    """What references resolve to after the change: only what surely stays is known."""
    changed = {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in changes}
    known = {}
    for name, definition in (template.get("Resources") or {}).items():
        record, change = records.get(name), changed.get(name)
        stays = record is not None and (change is None or change.get("Replacement") == "False")
        known[name] = {
            "PhysicalResourceId": record["PhysicalResourceId"] if stays else LATER,
            "ResourceType": definition.get("Type"),
            "Attributes": _Known((record.get("Attributes") or {}) if stays and change is None else {}),
        }
    return known


def add_values(changes: list, before: Side, after: Side) -> None:
    """Add the contexts to each change and the values to each of its details."""
    for change in changes:
        resource = change["ResourceChange"]
        was, will_be = before.context(resource["LogicalResourceId"]), after.context(resource["LogicalResourceId"])
        if resource["Action"] == "Add":
            was = None
        if resource["Action"] == "Remove":
            will_be = None
        resource["BeforeContext"] = _text(was) if was is not None else None
        resource["AfterContext"] = _text(will_be) if will_be is not None else None
        for detail in resource.get("Details", []):
            _add_to_target(detail["Target"], was or {}, will_be or {})


def _add_to_target(target: dict, was: dict, will_be: dict) -> None:
    name = target.get("Name")
    if target["Attribute"] == "Tags":
        return
    if target["Attribute"] == "Properties":
        old, new = was.get("Properties", {}).get(name), will_be.get("Properties", {}).get(name)
        target["Path"] = f"/Properties/{name}"
    else:
        old, new = was.get(target["Attribute"]), will_be.get(target["Attribute"])
        target["Path"] = f"/{target['Attribute']}"
    target["BeforeValue"] = None if old is None else _text(old)
    target["AfterValue"] = None if new is None else _text(new)
    target["AttributeChangeType"] = "Add" if old is None else "Remove" if new is None else "Modify"


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, default=str)
