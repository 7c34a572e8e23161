"""A template as change sets compare it: parameters, mappings and conditions resolved, references to resources kept.

CloudFormation takes the parameter values that exist when the change set is made:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
"""

import copy
from collections.abc import Mapping

from ministack.services.cloudformation import changesets, engine


class _ReferredAttributes(Mapping):
    """Every attribute of a resource, each as a mark that names it: two marks are equal when the references are."""

    def __init__(self, logical_id: str):
        self.logical_id = logical_id

    def __contains__(self, attribute: object) -> bool:
        return True

    def __getitem__(self, attribute: str) -> str:
        return f"{{{{{self.logical_id}.{attribute}}}}}"

    def __iter__(self):
        return iter(())

    def __len__(self) -> int:
        return 0


def referred(template: dict) -> dict:
    """Stand-ins for a template's resources: a reference to one resolves to its name."""
    return {
        name: {"PhysicalResourceId": f"{{{{{name}}}}}", "Attributes": _ReferredAttributes(name)}
        for name in template.get("Resources") or {}
    }


def resolved_template(template: dict, params: dict, stack_name: str, stack_id: str) -> dict:
    """The template's active resources with their properties resolved as far as the change set's maker can."""
    if not template:
        return {}
    conditions = engine._evaluate_conditions(template, params)
    stand_ins = referred(template)
    resolved = {}
    for name, definition in (template.get("Resources") or {}).items():
        if not conditions.get(definition.get("Condition"), True):
            continue
        properties = engine._resolve_refs(
            copy.deepcopy(definition.get("Properties", {})),
            stand_ins,
            params,
            conditions,
            template.get("Mappings", {}),
            stack_name,
            stack_id,
        )
        kept = {key: value for key, value in properties.items() if value is not engine._NO_VALUE}
        resolved[name] = {**definition, "Properties": kept}
    return {"Resources": resolved}


def install() -> None:
    """Compare templates by their references too: MiniStack takes every Fn::GetAtt for the same."""
    changesets._resolve_props_for_diff = resolved_template
