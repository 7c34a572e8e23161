"""A resource's definition in the template that an operation applies, with its references resolved.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

import copy

from ministack.services.cloudformation import engine, provisioners, stacks

from aws.cloudformation.operation.state import Operation


def resolve(operation: Operation, logical_id: str) -> tuple[dict, dict]:
    """A resource's properties with every reference resolved, and the dynamic references' values by their text."""
    definition = operation.definitions[logical_id]
    resolved = engine._resolve_refs(
        copy.deepcopy(definition.get("Properties", {})),
        operation.resources,
        operation.parameters,
        operation.conditions,
        operation.template.get("Mappings", {}),
        operation.name,
        operation.stack_id,
    )
    properties = {name: value for name, value in resolved.items() if value is not engine._NO_VALUE}
    previous = operation.previous or {}
    before = operation.before(logical_id) or {}
    same_definition = previous.get("_template", {}).get("Resources", {}).get(logical_id) == definition
    same_stack = operation.template == previous.get("_template") and operation.parameters == previous.get(
        "_resolved_params"
    )
    # A secret is read again only when the definition changes, a parameter when anything of the stack does.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    return engine._resolve_dynamic_references(
        properties, before.get("_dynamic"), reuse_ssm=same_stack, reuse_secrets=same_definition
    )


def tagged(operation: Operation, logical_id: str, kind: str, properties: dict, tags: list) -> dict:
    """The properties with the tags that reach the resource."""
    return provisioners._with_stack_tags(kind, properties, tags, operation.name, operation.stack_id, logical_id)


def policy(operation: Operation, logical_id: str, attribute: str) -> str:
    """A resource's DeletionPolicy or UpdateReplacePolicy in the template being applied."""
    return stacks._resource_policy(
        operation.definitions.get(logical_id),
        attribute,
        operation.resources,
        operation.parameters,
        operation.conditions,
        operation.template.get("Mappings", {}),
        operation.name,
        operation.stack_id,
    )
