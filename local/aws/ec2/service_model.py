"""AWS's service models, as botocore carries them: a request's parameters to typed members, an answer's members to XML.

Both query protocols are covered: the one of Auto Scaling and Elastic Load Balancing, and EC2's own.
https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
"""

import functools
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from ministack.core.responses import new_uuid

from aws.runtime.query import ServiceRefusal

Answer = tuple[int, dict[str, str], bytes]
Action = Callable[[dict], dict | None]

_VERSIONS = {"autoscaling": "2011-01-01", "ec2": "2016-11-15", "elbv2": "2015-12-01"}


@functools.cache
def service_model(service: str) -> ServiceModel:
    """The model of `autoscaling`, `ec2` or `elbv2`."""
    return ServiceModel(Loader().load_service_model(service, "service-2", _VERSIONS[service]), service)


def serve(service: str, actions: Mapping[str, Action]) -> dict[str, Callable[[dict], Answer]]:
    """Handlers for a MiniStack `_ACTION_MAP`.

    Each action takes the request's members, typed as the service model says, and gives the answer's members. A
    ServiceRefusal that it raises becomes the service's error answer.
    """
    return {name: _handler(service, name, action) for name, action in actions.items()}


def _handler(service: str, name: str, action: Action) -> Callable[[dict], Answer]:
    def handle(params: dict) -> Answer:
        operation = service_model(service).operation_model(name)
        try:
            return _answer(operation, action(request_members(operation, params)) or {})
        except ServiceRefusal as refusal:
            return _error(operation, refusal)

    return handle


def request_members(operation: OperationModel, params: dict) -> dict:
    """A query request's parameters as nested members with the model's types."""
    tree: dict = {}
    for name, value in params.items():
        node = tree
        *path, last = name.split(".")
        for step in path:
            child = node.setdefault(step, {})
            node = child if isinstance(child, dict) else node.update({step: {}}) or node[step]
        node[last] = value[0] if isinstance(value, list) else value
    protocol = operation.service_model.metadata["protocol"]
    return _read(operation.input_shape, tree, protocol) if operation.input_shape else {}


def _read(shape: Shape, node: object, protocol: str) -> object:
    if isinstance(shape, StructureShape):
        members = {}
        for name, member in shape.members.items():
            key = _input_name(name, member, protocol)
            if isinstance(node, dict) and key in node:
                members[name] = _read(member, node[key], protocol)
        return members
    if isinstance(shape, ListShape):
        if not isinstance(node, dict):
            return []
        flat = protocol == "ec2" or shape.serialization.get("flattened")
        entries = node if flat else node.get(shape.member.serialization.get("name", "member"), {})
        return [_read(shape.member, entries[key], protocol) for key in sorted(entries, key=int)]
    return _scalar(shape, str(node))


def _input_name(name: str, shape: Shape, protocol: str) -> str:
    if protocol != "ec2":
        return shape.serialization.get("name", name)
    if "queryName" in shape.serialization:
        return shape.serialization["queryName"]
    written = shape.serialization.get("name", name)
    return written[0].upper() + written[1:]


def _scalar(shape: Shape, text: str) -> object:
    try:
        match shape.type_name:
            case "boolean":
                return text.lower() == "true"
            case "integer" | "long":
                return int(text)
            case "float" | "double":
                return float(text)
            case "timestamp":
                return datetime.fromisoformat(text.replace("Z", "+00:00"))
            case _:
                return text
    except ValueError as error:
        raise ServiceRefusal("ValidationError", f"{text!r} is not a valid {shape.type_name}") from error


def _answer(operation: OperationModel, result: dict) -> Answer:
    name = operation.name
    inner = _write_members(operation.output_shape, result) if operation.output_shape else ""
    namespace = operation.service_model.metadata["xmlNamespace"]
    if operation.service_model.metadata["protocol"] == "ec2":
        body = f'<{name}Response xmlns="{namespace}/"><requestId>{new_uuid()}</requestId>{inner}</{name}Response>'
    else:
        body = (
            f'<{name}Response xmlns="{namespace}"><{name}Result>{inner}</{name}Result>'
            f"<ResponseMetadata><RequestId>{new_uuid()}</RequestId></ResponseMetadata></{name}Response>"
        )
    return 200, {"Content-Type": "text/xml"}, body.encode()


def _write_members(shape: StructureShape, members: Mapping) -> str:
    written = ""
    for name, member in shape.members.items():
        value = members.get(name)
        if value is not None:
            written += _write(member.serialization.get("name", name), member, value)
    return written


def _write(tag: str, shape: Shape, value: object) -> str:
    if isinstance(shape, StructureShape):
        return f"<{tag}>{_write_members(shape, value)}</{tag}>"
    if isinstance(shape, ListShape):
        item = shape.member.serialization.get("name", "member")
        if shape.serialization.get("flattened"):
            return "".join(_write(tag, shape.member, entry) for entry in value)
        return f"<{tag}>{''.join(_write(item, shape.member, entry) for entry in value)}</{tag}>"
    return f"<{tag}>{escape(_text(value))}</{tag}>"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return str(value)


def _error(operation: OperationModel, refusal: ServiceRefusal) -> Answer:
    code, message = escape(refusal.code), escape(refusal.message)
    if operation.service_model.metadata["protocol"] == "ec2":
        body = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
            f"<RequestID>{new_uuid()}</RequestID></Response>"
        )
    else:
        namespace = operation.service_model.metadata["xmlNamespace"]
        body = (
            f'<ErrorResponse xmlns="{namespace}"><Error><Type>Sender</Type><Code>{code}</Code>'
            f"<Message>{message}</Message></Error><RequestId>{new_uuid()}</RequestId></ErrorResponse>"
        )
    return 400, {"Content-Type": "text/xml"}, body.encode()
