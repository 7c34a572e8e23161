"""What one running stack operation knows."""

import asyncio
from dataclasses import dataclass, field

from ministack.services.cloudformation import stacks


@dataclass
class Operation:
    """One create or update of a stack, from its first resource to its last."""

    stack: dict
    template: dict
    parameters: dict
    conditions: dict
    previous: dict | None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    # Logical ids in the order in which they were done: a rollback goes through them backwards.
    done: list[str] = field(default_factory=list)
    replaced: list["Replaced"] = field(default_factory=list)
    failed: list["Failed"] = field(default_factory=list)
    cancelled: bool = False
    # Given up because the stack is being deleted: nothing is rolled back or reported any more.
    abandoned: bool = False

    @property
    def is_update(self) -> bool:
        return self.previous is not None

    @property
    def prefix(self) -> str:
        """CREATE or UPDATE, as statuses start."""
        return "UPDATE" if self.is_update else "CREATE"

    @property
    def name(self) -> str:
        return self.stack["StackName"]

    @property
    def stack_id(self) -> str:
        return self.stack["StackId"]

    @property
    def resources(self) -> dict:
        """The stack's resource records by logical id, as they are now."""
        return self.stack.setdefault("_resources", {})

    @property
    def definitions(self) -> dict:
        return self.template.get("Resources", {})

    def before(self, logical_id: str) -> dict | None:
        """The record of a resource as the operation found it."""
        return (self.previous or {}).get("_resources", {}).get(logical_id)

    def existed(self, logical_id: str) -> bool:
        """Whether there was a resource that works: one that failed to create is as good as none."""
        record = self.before(logical_id)
        return bool(record and record["PhysicalResourceId"]) and record.get("ResourceStatus") != "CREATE_FAILED"

    def event(self, logical_id: str, status: str, reason: str = "", physical_id: str = "") -> None:
        """Record an event of a resource."""
        kind = self.definitions.get(logical_id, {}).get("Type") or self.resources.get(logical_id, {})["ResourceType"]
        stacks._add_event(self.stack_id, self.name, logical_id, kind, status, reason, physical_id)

    def stack_event(self, status: str, reason: str = "") -> None:
        """Move the stack to a status and record it."""
        self.stack["StackStatus"] = status
        stacks._add_event(
            self.stack_id, self.name, self.name, "AWS::CloudFormation::Stack", status, reason, self.stack_id
        )


@dataclass(frozen=True)
class Replaced:
    """A resource whose predecessor waits for the operation's success to be deleted."""

    logical_id: str
    resource_type: str
    old_id: str
    new_id: str
    old_properties: dict
    pending_deletes: list


@dataclass(frozen=True)
class Failed:
    """A resource that failed; `attempt` is what an update tried, None when nothing was changed."""

    logical_id: str
    reason: str
    attempt: tuple | None


# The operations that run, by stack id: how CancelUpdateStack reaches one.
running: dict[str, Operation] = {}
