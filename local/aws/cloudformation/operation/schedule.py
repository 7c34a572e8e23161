"""The order of a stack operation: a resource starts when all that it depends on is done, the rest goes in parallel.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

import asyncio
from collections.abc import Awaitable, Callable

from ministack.services.cloudformation import engine


def dependencies(definitions: dict, conditions: dict) -> dict[str, set[str]]:
    """What each active resource waits for, in the template's stable order."""
    active = {name for name, definition in definitions.items() if conditions.get(definition.get("Condition"), True)}
    return {name: engine._extract_deps(definitions[name], active) - {name} for name in sorted(active)}


async def run(waiting: dict[str, set[str]], start: Callable[[str], Awaitable[None]], stop: asyncio.Event) -> None:
    """Start every resource once its dependencies are done. After `stop` nothing starts any more; what runs is awaited.

    `start` never raises for a resource that fails: it notes the failure and sets `stop`.
    """
    done: set[str] = set()
    tasks: dict[asyncio.Task, str] = {}
    while True:
        if not stop.is_set():
            for name in [name for name, needs in waiting.items() if needs <= done]:
                del waiting[name]
                tasks[asyncio.ensure_future(start(name))] = name
        if not tasks:
            return
        finished, _running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in finished:
            done.add(tasks.pop(task))
            task.result()
