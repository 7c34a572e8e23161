"""One request and its parameters, whichever protocol they came in."""

import json
import re
from dataclasses import dataclass


class Parameters:
    """Reads a request's parameters: those of its form or query string, and those of its JSON body."""

    def __init__(self, body: bytes, form: dict):
        self._form = form
        self._json = _object(body)

    def text(self, name: str) -> str:
        """The text of a top-level parameter, or an empty one."""
        value = self._json.get(name)
        if isinstance(value, str) and value:
            return value
        values = self._form.get(name, "")
        return (values[0] if values else "") if isinstance(values, list) else values

    def value(self, name: str) -> object:
        """A top-level member of the JSON body, or None."""
        return self._json.get(name)

    def texts(self, pattern: str) -> list[str]:
        """The texts of every form parameter whose name matches a pattern (`InstanceId\\.\\d+`)."""
        names = sorted(name for name in self._form if re.fullmatch(pattern, name))
        return [self.text(name) for name in names]


@dataclass
class Judged:
    """A request that is being judged, and whether what it needs besides its own action has been asked for."""

    service: str
    operation: str
    given: Parameters
    asked: bool = False


def _object(body: bytes) -> dict:
    if body[:1] != b"{":
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        return {}  # the service itself says what is wrong with its body
    return value if isinstance(value, dict) else {}
