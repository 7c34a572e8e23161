"""Which change of a property replaces a resource.

The registry schema says it (createOnlyProperties, conditionalCreateOnlyProperties); where the type's page in the
CloudFormation reference says otherwise, the page wins:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from collections.abc import Callable

from ministack.services.cloudformation import provisioners, stacks

from aws.cloudformation.registry import TypeFacts, facts_of, value_at

ALWAYS, CONDITIONALLY, NEVER = "Always", "Conditionally", "Never"

# "Update requires: Replacement" on the type's page and silent in the schema.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordset.html
PAGES = {("AWS::Route53::RecordSet", "Name"): ALWAYS}

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
CUSTOM_NAME = (
    "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
    "Rename {name} and update the stack again."
)

_judged_elsewhere: Callable[[str, str], str] = provisioners._property_recreation
_replaced_elsewhere: Callable[[str, dict, dict], bool] = provisioners._replacing_change
_refused_elsewhere: Callable[..., str | None] = provisioners._custom_named_replacement_error


def recreation(resource_type: str, name: str) -> str:
    """RequiresRecreation of a top-level property: Always, Conditionally or Never.

    A property with a create-only member counts as create-only: a change set judges it before the values are known.
    """
    facts = facts_of(resource_type)
    if facts is None:
        return _judged_elsewhere(resource_type, name)
    if (resource_type, name) in PAGES:
        return PAGES[resource_type, name]
    if _covers(facts.create_only, name):
        return ALWAYS
    return CONDITIONALLY if _covers(facts.conditional_create_only, name) else NEVER


def _covers(paths: frozenset[str], name: str) -> bool:
    return any(path == name or path.startswith(f"{name}.") for path in paths)


def replaces(resource_type: str, old: dict, new: dict) -> bool:
    """Whether updating a resource from old to new properties creates another one in its place."""
    facts = facts_of(resource_type)
    if facts is None:
        return _replaced_elsewhere(resource_type, old, new)
    paths = facts.create_only | {name for kind, name in PAGES if kind == resource_type}
    return any(value_at(old, path) != value_at(new, path) for path in paths)


def custom_name_refusal(resource_type: str, old: dict, new: dict, physical_id: str | None = None) -> str | None:
    """Why a replacement is refused: the name that the template gives it is taken by the one to be replaced."""
    facts = facts_of(resource_type)
    if facts is None:
        return _refused_elsewhere(resource_type, old, new, physical_id)
    name = _kept_name(facts, old, new)
    if name and replaces(resource_type, old, new):
        return CUSTOM_NAME.format(name=physical_id or name)
    return None


def _kept_name(facts: TypeFacts, old: dict, new: dict) -> str | None:
    if len(facts.primary_identifier) != 1 or facts.primary_identifier[0] in facts.read_only:
        return None
    name = new.get(facts.primary_identifier[0])
    return name if name and name == old.get(facts.primary_identifier[0]) else None


def install() -> None:
    """Let change sets and updates judge by the registry."""
    for module in (provisioners, stacks):
        module._property_recreation = recreation
        module._replacing_change = replaces
        module._custom_named_replacement_error = custom_name_refusal
