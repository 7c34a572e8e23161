"""Finding change sets: one that was executed is found by its ARN only; one that another operation overtook is OBSOLETE.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
"""

import time

import ministack.services.cloudformation as cloudformation
from ministack.services.cloudformation import changesets, helpers

NOT_FOUND = "ChangeSet [{name}] does not exist"


def find(name: str, stack_name: str) -> dict | None:
    """A change set by its ARN, or by its name and its stack's name or id."""
    by_id = cloudformation._change_sets.get(name)
    if by_id is not None:
        return by_id
    for change_set in cloudformation._change_sets.values():
        if (
            change_set["ChangeSetName"] == name
            and stack_name in (change_set["StackName"], change_set["StackId"])
            and not change_set["ExecutionStatus"].startswith("EXECUTE_")
        ):
            return change_set
    return None


def not_found(name: str) -> tuple:
    """The answer for a change set that does not exist."""
    return helpers._error("ChangeSetNotFound", NOT_FOUND.format(name=name), 404)


def stack_revision(stack: dict) -> int:
    """Grows with whatever happens to a stack: every operation records events."""
    return len(cloudformation._stack_events.get(stack["StackId"], []))


def refresh(change_set: dict) -> dict:
    """The change set after marking it OBSOLETE when its stack has moved since it was made."""
    stack = cloudformation._stacks.get(change_set["StackName"])
    revision = change_set.get("_revision")
    if revision is not None and change_set["ExecutionStatus"] == "AVAILABLE":
        moved = stack is None or stack["StackId"] != change_set["StackId"] or stack_revision(stack) != revision
        if moved:
            change_set["ExecutionStatus"] = "OBSOLETE"
    return change_set


def in_creation(change_set: dict) -> bool:
    """Whether CloudFormation is still making it."""
    return time.monotonic() < change_set.get("_created_at", 0)


def _find_for_ministack(name: str, stack_name: str = "") -> tuple:
    found = find(name, stack_name)
    return (found["ChangeSetId"], found) if found else (None, None)


def install() -> None:
    """Let MiniStack's own handlers find change sets the same way."""
    changesets._find_change_set = _find_for_ministack
