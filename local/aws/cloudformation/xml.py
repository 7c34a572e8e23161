"""Answers of the query protocol: nested dicts and lists as CloudFormation's XML.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from html import escape


def element(name: str, value: object) -> str:
    """One element; None is left out, a list has `member` children, a boolean is `true` or `false`."""
    return "" if value is None else f"<{name}>{content(value)}</{name}>"


def content(value: object) -> str:
    """The inside of an element."""
    if isinstance(value, dict):
        return "".join(element(name, inner) for name, inner in value.items())
    if isinstance(value, list | tuple):
        return "".join(element("member", inner) for inner in value)
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value))
