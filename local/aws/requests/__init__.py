"""Every request is checked against AWS's own service models before MiniStack sees it.

MiniStack, as any emulator, ignores what it does not know; AWS refuses some of it and ignores the rest, and neither is
what the caller meant. Here such a request is refused, and noted in `violations.log`, so that a test run fails by it.
"""

import gzip
import logging
import os
import threading
from pathlib import Path

import ministack.app as gateway

from aws.requests import check, decode, models, operations, refusal
from aws.requests.operations import Request

log = logging.getLogger("local-aws.requests")
_writing = threading.Lock()


def install() -> None:
    """Check what reaches the gateway's dispatch to a service."""
    dispatch = gateway._dispatch_service_request

    async def checked(method: str, path: str, headers: dict, body: bytes, query_params: dict, request_id: str):
        refused = examine(Request(method, path, headers, query_params, body), request_id)
        return refused or await dispatch(method, path, headers, body, query_params, request_id)

    gateway._dispatch_service_request = checked


def examine(request: Request, request_id: str) -> refusal.Answer | None:
    """The answer to a request that its service's model does not allow; None for any other."""
    signed_for = models.signing_name(request.headers, request.query)
    if signed_for is None:
        return None  # not an API request: IAM refuses it where it has to be one
    known = models.of_signing_name(signed_for)
    if not known:
        return None  # no service of AWS: the gateway says so
    request = _inflated(request, signed_for)
    call = operations.find(known, request)
    if call is None:
        what = request.headers.get("x-amz-target") or f"{request.method} {request.path}"
        return _refuse(known[0], known[0].metadata["protocol"], what, ["no such operation"], request, request_id)
    try:
        found = list(check.violations(call.operation.input_shape, decode.parameters(call, request)))
    except ValueError as error:
        found = [f"the body cannot be read: {error}"]
    if not found:
        return None
    model = call.operation.service_model
    return _refuse(model, call.protocol, call.operation.name, found, request, request_id)


def _inflated(request: Request, signed_for: str) -> Request:
    # An object of S3 may be compressed data; elsewhere the header speaks of the request itself.
    if signed_for == "s3" or request.headers.get("content-encoding", "").lower() != "gzip":
        return request
    try:
        body = gzip.decompress(request.body)
    except (OSError, EOFError):
        body = request.body  # what it is not is then said of it as it is
    return Request(request.method, request.path, request.headers, request.query, body)


def _refuse(model, protocol: str, what: str, found: list[str], request: Request, request_id: str) -> refusal.Answer:
    caller = request.headers.get("user-agent", "unknown").split(" ")[0]
    sentence = f"{model.service_name} {what}: {'; '.join(found)} (called by {caller})"
    log.error("refused: %s", sentence)
    with _writing, Path(os.environ["LOCAL_AWS_STATE_DIR"], "violations.log").open("a") as file:
        file.write(sentence.replace("\n", " ") + "\n")
    return refusal.invalid(model, protocol, "; ".join(found), request_id)
