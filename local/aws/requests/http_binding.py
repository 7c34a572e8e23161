"""Parameters of the rest-json and rest-xml protocols: labels of the path, query string, headers and body.

https://smithy.io/2.0/spec/http-bindings.html
"""

import json

from botocore.model import Shape

from aws.requests import json_value, leaf, xml_document
from aws.requests.operations import Call, Request


def from_request(call: Call, shape: Shape, request: Request) -> dict:
    """The parameters of a request as the model names them. Raises ValueError for a body that cannot be read."""
    values: dict = {}
    known_query = set(call.constants) | {"x-id"}
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        wire = member.serialization.get("name", name)
        if location == "uri":
            values[name] = leaf.from_text(member, call.labels.get(wire, ""))
        elif location == "querystring":
            known_query.add(wire)
            _put(values, name, _from_strings(member, request.query.get(wire)))
        elif location == "header":
            _put(values, name, _from_strings(member, _header(request, wire)))
        elif location == "headers":
            values[name] = {key: text for key, text in request.headers.items() if key.startswith(wire.lower())}
    open_query = any(
        member.serialization.get("location") == "querystring" and member.type_name == "map"
        for member in shape.members.values()
    )
    unknown = {key: values for key, values in request.query.items() if key not in known_query}
    return values | _body(call, shape, request) | ({} if open_query else _unsigned(unknown))


def _put(values: dict, name: str, value: object) -> None:
    if value is not None:
        values[name] = value


def _header(request: Request, name: str) -> list[str] | None:
    text = request.headers.get(name.lower())
    return None if text is None else [text]


def _unsigned(query: dict) -> dict:
    """What a query string has besides a presigned request's signature and the tracing of it."""
    return {key: values[0] for key, values in query.items() if not key.lower().startswith("x-amz-")}


def _from_strings(shape: Shape, texts: list[str] | None) -> object:
    if texts is None:
        return None
    if shape.type_name == "list":
        split = [part.strip() for text in texts for part in (text.split(",") if len(texts) == 1 else [text])]
        return [leaf.from_text(shape.member, text) for text in split]
    return leaf.from_text(shape, texts[0])


def _body(call: Call, shape: Shape, request: Request) -> dict:
    payload = shape.serialization.get("payload")
    if payload is None:
        body_names = [name for name, member in shape.members.items() if "location" not in member.serialization]
        if not body_names and call.protocol == "rest-json":
            return {}
        decoded = _document(call, shape, request.body) if request.body else {}
        if not isinstance(decoded, dict):
            raise ValueError("it is not an object")
        return decoded
    member = shape.members[payload]
    if not request.body:
        return {}
    # The contents of an object or of an invocation are the caller's own.
    if member.type_name in ("blob", "string"):
        return {payload: ""}
    return {payload: _document(call, member, request.body)}


def _document(call: Call, shape: Shape, body: bytes) -> object:
    if call.protocol == "rest-json":
        return json_value.from_json(shape, json.loads(body))
    return xml_document.from_document(shape, body)
