"""Parameters in an XML document.

https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings
"""

from xml.etree.ElementTree import Element

from botocore.model import Shape
from defusedxml.ElementTree import fromstring

from aws.requests import leaf


def from_document(shape: Shape, body: bytes) -> object:
    """The parameters in a body. Raises ValueError when it is not XML."""
    try:
        return from_xml(shape, fromstring(body))
    except SyntaxError as error:
        raise ValueError(f"the body is not XML: {error}") from error


def from_xml(shape: Shape, element: Element) -> object:
    if shape.type_name == "structure":
        return _structure_from_xml(shape, element)
    if shape.type_name == "list":
        return [from_xml(shape.member, child) for child in element]
    if shape.type_name == "map":
        return {_text(entry[0]): from_xml(shape.value, entry[1]) for entry in element if len(entry) == 2}
    return leaf.from_text(shape, _text(element))


def _structure_from_xml(shape: Shape, element: Element) -> dict:
    flattened = {name for name, member in shape.members.items() if member.serialization.get("flattened")}
    names = {_xml_name(member, name): name for name, member in shape.members.items()}
    values: dict = {}
    for child in element:
        wire = child.tag.rpartition("}")[2]
        name = names.get(wire)
        if name is None:
            values[wire] = _text(child)
        elif name in flattened and shape.members[name].type_name == "list":
            values.setdefault(name, []).append(from_xml(shape.members[name].member, child))
        else:
            values[name] = from_xml(shape.members[name], child)
    attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    for name, member in shape.members.items():
        if member.serialization.get("xmlAttribute"):
            wire = member.serialization.get("name", name).rpartition(":")[2]
            if wire in attributes:
                values[name] = attributes[wire]
    return values


def _xml_name(member: Shape, name: str) -> str:
    flattened = member.type_name == "list" and member.serialization.get("flattened")
    inner = member.member.serialization.get("name") if flattened else None
    return member.serialization.get("name", inner or name)


def _text(element: Element) -> str:
    return element.text or ""
