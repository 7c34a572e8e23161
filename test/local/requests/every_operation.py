"""Prints, as JSON, each operation whose request is not read back as botocore's own serializer wrote it.

The arguments are signing names. Every operation of their models is called with parameters made from its model, by a
seeded generator; the check has to find the operation and nothing wrong with it.
"""

import json
import random
import sys
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlencode, urlparse

from botocore.model import OperationModel, Shape
from botocore.serialize import create_serializer

from aws.requests import check, decode, models, operations

DEEPEST = 4
# Told apart by their host names, which one endpoint does not have.
BY_HOST = {"ListDirectoryBuckets"}


def value(shape: Shape, depth: int = 0) -> object:
    least = max(shape.metadata.get("min", 1), 1)
    by_type = {
        "structure": lambda: structure(shape, depth),
        "list": lambda: [value(shape.member, depth + 1) for _ in range(least)],
        "map": lambda: {key(shape.key, n): value(shape.value, depth + 1) for n in range(least)},
        "integer": lambda: min(least, shape.metadata.get("max", least)),
        "long": lambda: min(least, shape.metadata.get("max", least)),
        "float": lambda: float(shape.metadata.get("min", 1)),
        "double": lambda: float(shape.metadata.get("min", 1)),
        "boolean": lambda: random.random() < 0.5,
        "timestamp": lambda: datetime(2026, 1, 2, 3, 4, 5),
        "blob": lambda: b"x" * least,
    }
    return by_type.get(shape.type_name, lambda: text(shape, least))()


def key(shape: Shape, number: int) -> str:
    allowed = getattr(shape, "enum", None)
    return allowed[number] if allowed else f"key{number}"


def text(shape: Shape, least: int) -> object:
    if shape.serialization.get("jsonvalue"):
        return {"a": 1}
    return random.choice(shape.enum) if getattr(shape, "enum", None) else "a" * least


def structure(shape: Shape, depth: int) -> dict:
    if getattr(shape, "is_document_type", False):
        return {"a": 1}
    names = list(shape.members)
    if getattr(shape, "is_tagged_union", False):
        chosen = [random.choice(names)]
    else:
        chosen = [n for n in names if n in shape.required_members or (depth < DEEPEST and random.random() < 0.6)]
    # A structure without members leaves no trace in a form.
    return {name: value(shape.members[name], depth + 1) for name in chosen or names[:1]}


def request_of(operation: OperationModel) -> operations.Request:
    shape = operation.input_shape
    serializer = create_serializer(operation.service_model.metadata["protocol"], include_validation=False)
    made = serializer.serialize_to_request(value(shape) if shape else {}, operation)
    url, body = urlparse(made["url_path"]), made["body"]
    query = parse_qs(url.query, keep_blank_values=True)
    for key, each in dict(made.get("query_string") or {}).items():
        query[key] = [str(one) for one in each] if isinstance(each, list) else [str(each)]
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    headers = {key.lower(): str(each) for key, each in made["headers"].items()}
    sent = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
    return operations.Request(made["method"], unquote(url.path), headers, query, sent)


def faults(operation: OperationModel) -> list[str]:
    request = request_of(operation)
    call = operations.find((operation.service_model,), request)
    if call is None or call.operation.name != operation.name:
        return [f"taken for {call and call.operation.name}"]
    found = check.violations(operation.input_shape, decode.parameters(call, request))
    # The generator knows no patterns.
    return [fault for fault in found if " does not match " not in fault]


def main(signing_names: list[str]) -> None:
    random.seed(1)
    tried, wrong = 0, {}
    for model in (model for name in signing_names for model in models.of_signing_name(name)):
        for name in model.operation_names:
            operation = model.operation_model(name)
            if operation.deprecated or name in BY_HOST:
                continue
            tried += 1
            found = faults(operation)
            if found:
                wrong[f"{model.service_name} {name}"] = found
    print(json.dumps({"tried": tried, "wrong": wrong}))


if __name__ == "__main__":
    main(sys.argv[1:])
