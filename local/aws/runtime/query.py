"""Calls of MiniStack's query-protocol actions in process.

The query protocol writes nested parameters as dotted names, lists as `Name.member.1` (most services) or `Name.1` (EC2):
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
"""

import html
import re
from collections.abc import Callable, Mapping

Params = dict[str, list[str]]
ActionMap = Mapping[str, Callable[[Params], tuple]]


class ServiceRefusal(Exception):
    """A service's error answer: its code and message, as the caller of the API would see them."""

    def __init__(self, code: str, message: str):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def flatten(value: object, prefix: str = "", list_member: str | None = "member") -> Params:
    """Nested parameters as the query protocol writes them.

    Booleans become `true` and `false`, members that are None are left out, and `list_member` is the name between a list
    and its index (None for EC2, whose lists have none).
    """
    if value is None:
        return {}
    if isinstance(value, Mapping):
        entries = [(str(key), inner) for key, inner in value.items()]
    elif isinstance(value, list | tuple):
        lead = f"{list_member}." if list_member else ""
        entries = [(f"{lead}{index}", inner) for index, inner in enumerate(value, 1)]
    else:
        return {prefix: [str(value).lower() if isinstance(value, bool) else str(value)]}
    flat: Params = {}
    for key, inner in entries:
        flat.update(flatten(inner, f"{prefix}.{key}" if prefix else key, list_member))
    return flat


def element(answer: str, name: str) -> str:
    """The text of the first element called `name` in an answer, or an empty string."""
    match = re.search(rf"<{re.escape(name)}>([^<]*)</{re.escape(name)}>", answer)
    return html.unescape(match[1]) if match else ""


def call(action_map: ActionMap, action: str, params: dict, list_member: str | None = "member") -> str:
    """Call an action of a MiniStack service and give its XML answer.

    `action_map` is the service's `_ACTION_MAP`, `params` the API's parameters as nested dicts and lists. Raises
    ServiceRefusal when the service answers with an error.
    """
    status, _headers, body = action_map[action]({"Action": [action], **flatten(params, list_member=list_member)})
    answer = body.decode() if isinstance(body, bytes) else body
    if status >= 400:
        raise ServiceRefusal(element(answer, "Code") or "InternalFailure", element(answer, "Message") or answer)
    return answer
