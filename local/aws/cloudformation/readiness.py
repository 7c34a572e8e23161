"""What takes minutes on AWS is in progress for a while here too: the stack's resource and the service's record alike.

CloudFormation reports a resource complete when it is ready for use ("stabilized"):
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-progressevent.html
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from aws.runtime.clock import ready_after

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Readiness:
    """How a service shows that a resource is not ready yet.

    `busy(physical id, operation)` makes its record say so (operation: create or update), `ready(physical id)` makes it
    say that it is. `done`, when given, is asked again and again after the time is over until it answers True; it raises
    to fail the resource.
    """

    busy: Callable[[str, str], None]
    ready: Callable[[str], None]
    done: Callable[[str], bool] | None = None


class Cancelled(Exception):
    """The operation stopped while this resource was becoming ready."""


_readiness: dict[str, Readiness] = {}


def register(resource_type: str, readiness: Readiness) -> None:
    """Give a type its states; its time comes from `aws.runtime.clock`."""
    _readiness[resource_type] = readiness


def show_busy(resource_type: str, physical_id: str, operation: str) -> None:
    """Make the record say so at once, in the thread that made it: nobody is to see it ready before it is."""
    readiness = _readiness.get(resource_type)
    if readiness is not None:
        readiness.busy(physical_id, operation)


async def settle(resource_type: str, physical_id: str, operation: str, stop: asyncio.Event) -> None:
    """Wait until a resource is ready, without holding the event loop. Raises Cancelled when `stop` is set meanwhile."""
    readiness = _readiness.get(resource_type)
    # Most types are changed at once on AWS too; those that are not show it in their records.
    seconds = ready_after(resource_type) if operation == "create" or readiness else 0
    if readiness is None:
        await _pause(seconds, stop)
        return
    readiness.busy(physical_id, operation)
    try:
        await _pause(seconds, stop)
        while readiness.done and not readiness.done(physical_id):
            await _pause(POLL_SECONDS, stop)
    finally:
        readiness.ready(physical_id)


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    until = time.monotonic() + seconds
    if seconds > 0 and not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), until - time.monotonic())
        except asyncio.TimeoutError:
            return
    if stop.is_set():
        raise Cancelled
