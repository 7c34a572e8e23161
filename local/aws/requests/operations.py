"""Which operation of a model a request calls, by the model's protocol."""

import functools
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from botocore.model import OperationModel, ServiceModel


@dataclass(frozen=True)
class Request:
    """A request as the gateway received it; header names in lower case."""

    method: str
    path: str
    headers: dict
    query: dict
    body: bytes


@dataclass(frozen=True)
class Call:
    """An operation that a request calls, with what its URI says."""

    operation: OperationModel
    protocol: str
    labels: dict
    constants: frozenset


@dataclass(frozen=True)
class Route:
    """One operation's URI: path patterns, the constants of its query string, how much of it is literal."""

    name: str
    method: str
    strict: re.Pattern
    loose: re.Pattern
    constants: tuple
    literals: int


def form(request: Request) -> dict:
    """The parameters of a query-protocol request, from its body and its query string."""
    sent = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return {**sent, **request.query}


def find(models: tuple[ServiceModel, ...], request: Request) -> Call | None:
    """The operation that a request calls, or None when no model has it."""
    for model in models:
        call = _by_target(model, request) or _by_action(model, request) or _by_uri(model, request)
        if call:
            return call
    return None


def _call(model: ServiceModel, name: str, protocol: str) -> Call | None:
    if name not in model.operation_names:
        return None
    return Call(model.operation_model(name), protocol, {}, frozenset())


def _by_target(model: ServiceModel, request: Request) -> Call | None:
    """https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html and .../smithy-rpc-v2.html"""
    cbor = re.fullmatch(r"/service/[^/]+/operation/([^/]+)", request.path)
    if cbor and request.headers.get("smithy-protocol") == "rpc-v2-cbor":
        return _call(model, cbor[1], "cbor")
    prefix, _, name = request.headers.get("x-amz-target", "").rpartition(".")
    return _call(model, name, "json") if prefix and prefix == model.metadata.get("targetPrefix") else None


def _by_action(model: ServiceModel, request: Request) -> Call | None:
    """https://smithy.io/2.0/aws/protocols/aws-query-protocol.html and .../aws-ec2-query-protocol.html"""
    spoken = model.metadata.get("protocols") or [model.metadata["protocol"]]
    protocol = next((each for each in spoken if each in ("query", "ec2")), None)
    sent = form(request) if protocol else {}
    if sent.get("Version", [None])[0] != model.metadata["apiVersion"]:
        return None
    return _call(model, sent.get("Action", [""])[0], protocol or "")


def _by_uri(model: ServiceModel, request: Request) -> Call | None:
    """https://smithy.io/2.0/spec/http-bindings.html"""
    if model.metadata["protocol"] not in ("rest-json", "rest-xml"):
        return None
    for pattern in ("strict", "loose"):
        found = [
            (route, match)
            for route in _routes(model)
            if route.method == request.method
            and (match := getattr(route, pattern).fullmatch(request.path))
            and all(value in request.query.get(key, []) for key, value in route.constants)
        ]
        if found:
            route, match = max(found, key=lambda each: _fit(model, each[0], request))
            labels = {name: unquote(value) for name, value in match.groupdict().items()}
            names = frozenset(key for key, _ in route.constants)
            return Call(model.operation_model(route.name), model.metadata["protocol"], labels, names)
    return None


def _fit(model: ServiceModel, route: Route, request: Request) -> tuple:
    """How well an operation fits a request that matches its URI: several may, told apart by what they require."""
    operation = model.operation_model(route.name)
    required = _required_bindings(operation)
    present = sum(_is_present(request, *binding) for binding in required)
    return (len(route.constants), present == len(required), present, route.literals, not operation.deprecated)


def _required_bindings(operation: OperationModel) -> list[tuple[str, str]]:
    shape = operation.input_shape
    members = ((name, shape.members[name]) for name in shape.required_members) if shape else ()
    return [
        (member.serialization["location"], member.serialization.get("name", name))
        for name, member in members
        if member.serialization.get("location") in ("querystring", "header")
    ]


def _is_present(request: Request, location: str, name: str) -> bool:
    return name in request.query if location == "querystring" else name.lower() in request.headers


@functools.cache
def _routes(model: ServiceModel) -> tuple[Route, ...]:
    return tuple(_route(model.operation_model(name)) for name in model.operation_names)


def _route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    constants = tuple((key, values[0]) for key, values in parse_qs(query, keep_blank_values=True).items())
    literals = len(re.sub(r"\{[^}]*\}", "", path))
    strict, loose = (_pattern(path, label) for label in (r"[^/]+", r".+"))
    return Route(operation.name, operation.http["method"], strict, loose, constants, literals)


def _pattern(path: str, label: str) -> re.Pattern:
    def group(match: re.Match) -> str:
        return f"(?P<{match[1]}>{'.+' if match[2] else label})"

    pieces = re.split(r"(\{\w+\+?\})", path.rstrip("/"))
    pattern = "".join(
        re.sub(r"^\{(\w+)(\+?)\}$", group, each) if each[:1] == "{" else re.escape(each) for each in pieces
    )
    return re.compile(f"{pattern}/?", re.DOTALL)
