"""Parameters against the model: unknown, missing, of another type, outside what the model allows.

https://smithy.io/2.0/spec/constraint-traits.html
"""

import functools
import re
from collections.abc import Iterator
from datetime import datetime

import regex
from botocore.model import Shape

NUMBERS = ("NaN", "Infinity", "-Infinity")


def violations(shape: Shape | None, value: object, path: str = "") -> Iterator[str]:
    """What is wrong with a value, one sentence each."""
    if shape is None:
        yield from (f"unknown parameter {name}" for name in value) if isinstance(value, dict) else ()
        return
    if shape.type_name == "structure":
        yield from _structure(shape, value, path)
    elif shape.type_name == "list":
        yield from _list(shape, value, path)
    elif shape.type_name == "map":
        yield from _map(shape, value, path)
    else:
        yield from _leaf(shape, value, path)


def _structure(shape: Shape, value: object, path: str) -> Iterator[str]:
    if getattr(shape, "is_document_type", False):
        return
    if not isinstance(value, dict):
        yield _wrong_type(path, "a structure", value)
        return
    for name in shape.required_members:
        if name not in value:
            yield f"missing parameter {_join(path, name)}"
    for name, each in value.items():
        if name in shape.members:
            yield from violations(shape.members[name], each, _join(path, name))
        else:
            yield f"unknown parameter {_join(path, name)}"
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        yield f"{path} needs exactly one of {', '.join(shape.members)}"


def _list(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _wrong_type(path, "a list", value)
        return
    yield from _size(shape, len(value), f"the number of entries of {path}")
    for index, each in enumerate(value, 1):
        yield from violations(shape.member, each, f"{path}[{index}]")


def _map(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _wrong_type(path, "a map", value)
        return
    yield from _size(shape, len(value), f"the number of entries of {path}")
    for key, each in value.items():
        yield from violations(shape.key, key, f"a key of {path}")
        yield from violations(shape.value, each, _join(path, key))


def _leaf(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not _is_of_type(shape.type_name, value):
        yield _wrong_type(path, f"of type {shape.type_name}", value)
    elif isinstance(value, str):
        yield from _text(shape, value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _size(shape, value, path)


def _is_of_type(type_name: str, value: object) -> bool:
    if type_name == "boolean":
        return isinstance(value, bool)
    if type_name in ("integer", "long"):
        return isinstance(value, int) and not isinstance(value, bool)
    if type_name in ("float", "double"):
        return (isinstance(value, int | float) and not isinstance(value, bool)) or value in NUMBERS
    if type_name == "timestamp":
        return isinstance(value, int | float | datetime) or (isinstance(value, str) and _is_time(value))
    return isinstance(value, str | bytes)


def _is_time(text: str) -> bool:
    return bool(re.match(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d|\d+(\.\d+)?$|\w{3}, \d\d \w{3} \d{4} )", text))


def _text(shape: Shape, value: str, path: str) -> Iterator[str]:
    if shape.type_name != "string":
        return
    yield from _size(shape, len(value), f"the length of {path}")
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed:
        yield f"{path} is none of {', '.join(allowed)}"
    pattern = shape.metadata.get("pattern")
    if pattern and not _matches(pattern, value):
        yield f"{path} does not match {pattern}"


def _size(shape: Shape, size: float, what: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{what} is below {least}"
    if most is not None and size > most:
        yield f"{what} is above {most}"


def _matches(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    # Services match the whole value, whether or not the model's pattern says so.
    return compiled is None or compiled.fullmatch(value) is not None


@functools.cache
def _compiled(pattern: str) -> "regex.Pattern | None":
    """A model's pattern; None for one that only Java's regular expressions know, which is then not checked."""
    try:
        return regex.compile(pattern, regex.DOTALL)
    except regex.error:
        return None


def _wrong_type(path: str, wanted: str, value: object) -> str:
    if isinstance(value, dict):
        found = f"named members ({', '.join(name or 'a value' for name in value)})"
    else:
        found = type(value).__name__
    return f"{path or 'the request'} should be {wanted}, is {found}"


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
