"""What Fn::GetAtt reads of a resource: what the registry schema says is readable, and nothing else.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
"""

from collections.abc import Callable, Iterator

from ministack.services.cloudformation import changesets, engine, handlers

from aws.cloudformation.registry import facts_of, value_at

# MiniStack's word for a resource that is not there yet; what it validates before goes on as before.
_validate: Callable[..., None] = engine.validate_template_support


def readable(resource_type: str, physical_id: str, properties: dict, answered: dict) -> dict:
    """The attributes of a provisioned resource.

    `answered` is what its handler gave; an attribute that is also a property of the template has that value, and a
    type's only identifier is what Ref gives.
    """
    facts = facts_of(resource_type)
    if facts is None:
        return answered
    found = {name: value for name, value in answered.items() if name in facts.attributes}
    if len(facts.primary_identifier) == 1 and facts.primary_identifier[0] in facts.attributes:
        found.setdefault(facts.primary_identifier[0], physical_id)
    for name in facts.attributes - found.keys():
        value = value_at(properties, name)
        if value is not None:
            found[name] = value
    return found


def unsupported(template: dict) -> str | None:
    """Why a template's Fn::GetAtt cannot be resolved, as CloudFormation answers it, or None."""
    resources = template.get("Resources") or {}
    for section in ("Resources", "Outputs"):
        for logical_id, attribute in _attribute_references(template.get(section) or {}):
            facts = facts_of((resources.get(logical_id) or {}).get("Type", ""))
            if facts is not None and attribute not in facts.attributes:
                return (
                    f"Template error: resource {logical_id} does not support attribute type {attribute} in Fn::GetAtt"
                )
    return None


def _attribute_references(template_part: dict) -> Iterator[tuple[str, str]]:
    for name, attribute in engine._intrinsic_references(template_part):
        if attribute:
            yield name, attribute


def validate(template: dict, conditions: dict, params: dict | None = None) -> None:
    """MiniStack's validation, then the attributes. Raises ValueError with CloudFormation's message."""
    _validate(template, conditions, params=params)
    refusal = unsupported(template)
    if refusal:
        raise ValueError(refusal)


def install() -> None:
    """Refuse templates with unknown attributes wherever templates are validated."""
    for module in (changesets, engine, handlers):
        module.validate_template_support = validate
