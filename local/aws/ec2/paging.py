"""Pages of a list answer: a token says where the next page begins.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination
"""

from aws.runtime.query import ServiceRefusal


def page(items: list, size: int | None, token: str | None, refusal_code: str = "InvalidNextToken") -> tuple:
    """One page of `items` and the token of the next one (None at the end). `size` None gives all of them.

    Raises ServiceRefusal when the token is not one that this function gave out.
    """
    if token and not token.isdigit():
        raise ServiceRefusal(refusal_code, f"The token {token!r} is invalid")
    start = int(token or 0)
    end = len(items) if size is None else start + size
    return items[start:end], str(end) if end < len(items) else None
