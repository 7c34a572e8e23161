"""The accounts and regions that have been called: only those can hold state."""

from collections.abc import Callable

import ministack.app as gateway
from ministack.core.responses import get_account_id, get_region

Scope = tuple[str, str]

_seen: set[Scope] = set()


def seen() -> list[Scope]:
    """Every (account, region) that a request has come for, sorted."""
    return sorted(_seen)


def install() -> None:
    """Note the account and region of each request when the gateway has determined them."""
    determine: Callable = gateway.set_request_region

    def noting(region: str | None) -> None:
        determine(region)
        _seen.add((get_account_id(), get_region()))

    gateway.set_request_region = noting
