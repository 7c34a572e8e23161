"""CloudFormation of the local AWS: MiniStack's, with its operations, change sets and events as AWS documents them."""

from aws.cloudformation import (
    attributes,
    describe_stacks,
    documents,
    replacement,
    stack_events,
    stack_requests,
    stack_tags,
)
from aws.cloudformation.changes import create, describe, execute, lookup, resolution
from aws.cloudformation.operation import run

# stack_events comes first: what follows records through it.
PARTS = (
    stack_events,
    documents,
    replacement,
    attributes,
    stack_tags,
    resolution,
    lookup,
    create,
    describe,
    execute,
    run,
    describe_stacks,
    stack_requests,
)


def install() -> None:
    """Install every part, once."""
    for part in PARTS:
        part.install()
