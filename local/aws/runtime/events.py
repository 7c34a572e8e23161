"""Events that AWS services put on the account's default bus.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html
"""

import json
import logging

from ministack.services import eventbridge

log = logging.getLogger("local-aws.events")


def emit(source: str, detail_type: str, detail: dict, resources: list[str]) -> None:
    """Put an event of a service (`aws.autoscaling`, ...) on the default bus of the current account and region."""
    entry = {
        "Source": source,
        "DetailType": detail_type,
        "Detail": json.dumps(detail),
        "Resources": resources,
    }
    # PutEvents refuses aws.* sources from callers, as AWS does; the services themselves may.
    status, _headers, body = eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
    answer = json.loads(body)
    if status >= 400 or answer.get("FailedEntryCount"):
        raise RuntimeError(f"the event {source} {detail_type!r} was not accepted: {answer}")
    log.debug("%s %s %s", source, detail_type, detail)
