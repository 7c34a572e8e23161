"""Parameters in a JSON value.

https://smithy.io/2.0/spec/protocol-traits.html#jsonname-trait
"""

from botocore.model import Shape


def from_json(shape: Shape, value: object) -> object:
    """A JSON value as the model names its members; a null stands for a member that was not sent."""
    if shape.type_name == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        return {
            names.get(wire, wire): from_json(shape.members[names[wire]], each) if wire in names else each
            for wire, each in value.items()
            if each is not None
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [from_json(shape.member, each) for each in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: from_json(shape.value, each) for key, each in value.items() if each is not None}
    return value
