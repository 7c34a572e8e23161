"""Events of objects name the version that was written or deleted.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import json
from contextvars import ContextVar

from ministack.services import eventbridge, s3

_version: ContextVar[str | None] = ContextVar("version_of_event", default=None)

OBJECT_MEMBERS = ("key", "size", "etag", "version-id", "sequencer")


def install() -> None:
    fire, dispatch = s3._fire_s3_event, eventbridge._dispatch_event

    def fire_with_version(*args, **kwargs) -> None:
        token = _version.set(kwargs.get("version_id"))
        try:
            fire(*args, **kwargs)
        finally:
            _version.reset(token)

    def dispatch_with_version(event: dict, view: object = None) -> None:
        version = _version.get()
        if version and event.get("Source") == "aws.s3":
            event = {**event, "Detail": with_version(event["Detail"], event["DetailType"], version)}
        dispatch(event, view)

    s3._fire_s3_event = fire_with_version
    eventbridge._dispatch_event = dispatch_with_version


def with_version(detail: str, detail_type: str, version: str) -> str:
    """An event's detail with its object's version; a deletion has no size."""
    known = json.loads(detail)
    members = {**known["object"], "version-id": version}
    if detail_type == "Object Deleted":
        members.pop("size", None)
    ordered = {name: members[name] for name in OBJECT_MEMBERS if name in members}
    return json.dumps({**known, "object": ordered})
