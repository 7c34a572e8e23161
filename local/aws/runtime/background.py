"""Work that goes on by itself: what AWS's control planes do without being asked."""

import logging
import threading
from collections.abc import Callable

from ministack.core.responses import request_scope

from aws.runtime import scopes

log = logging.getLogger("local-aws.background")

_stopping = threading.Event()


def every(seconds: float, name: str, work: Callable[[], object]) -> threading.Thread:
    """Run `work` again and again, `seconds` of rest between, for each account and region that has been called.

    It runs on a daemon thread with MiniStack's account and region set. An exception is logged with its trace and the
    next round goes on; `stop()` ends it.
    """

    def rounds() -> None:
        while not _stopping.wait(seconds):
            for account, region in scopes.seen():
                if _stopping.is_set():
                    return
                _run(name, work, account, region)

    thread = threading.Thread(target=rounds, name=name, daemon=True)
    thread.start()
    return thread


def _run(name: str, work: Callable[[], object], account: str, region: str) -> None:
    with request_scope(account, region):
        try:
            work()
        # A control plane outlives what goes wrong in one round: the log has the trace, the next round tries again.
        except Exception:
            log.exception("%s failed in %s %s", name, account, region)


def stop() -> None:
    """End all rounds: called once when the server shuts down."""
    _stopping.set()
