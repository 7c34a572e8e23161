"""A request's parameters, from the form that its protocol gives them to the names and types of the model.

What the model does not know is kept under the name that was sent, so that the check finds it.
"""

import json

from aws.requests import http_binding, json_value, query_form
from aws.requests.operations import Call, Request, form


def parameters(call: Call, request: Request) -> object:
    """The parameters of a call as the model names them. Raises ValueError for a body that cannot be read."""
    shape = call.operation.input_shape
    if call.protocol in ("query", "ec2"):
        sent = {key: values for key, values in form(request).items() if key not in ("Action", "Version")}
        return query_form.from_form(shape, sent, call.protocol)
    if call.protocol in ("json", "cbor"):
        value = _json_or_cbor(call.protocol, request.body)
        return json_value.from_json(shape, value) if shape else value
    return http_binding.from_request(call, shape, request) if shape else {}


def _json_or_cbor(protocol: str, body: bytes) -> object:
    if protocol == "json":
        return json.loads(body or b"{}")
    import cbor2

    try:
        return cbor2.loads(body) if body else {}
    except cbor2.CBORDecodeError as error:
        raise ValueError(f"it is not CBOR: {error}") from error
