"""How a service says that it does not accept a request, by its protocol."""

import json
from html import escape

from botocore.model import ServiceModel

Answer = tuple[int, dict, bytes]


def invalid(model: ServiceModel, protocol: str, message: str, request_id: str) -> Answer:
    """The answer of a service to a request that its model does not allow."""
    if protocol in ("json", "cbor"):
        return 400, {"Content-Type": "application/x-amz-json-1.1"}, _json("__type", message)
    if protocol == "rest-json":
        headers = {"Content-Type": "application/json", "x-amzn-errortype": "ValidationException"}
        return 400, headers, _json("code", message)
    text = escape(message)
    if protocol == "ec2":
        error = f"<Errors><Error><Code>{_ec2_code(message)}</Code><Message>{text}</Message></Error></Errors>"
        body = f"<Response>{error}<RequestID>{request_id}</RequestID></Response>"
    elif model.service_name == "s3":
        body = f"<Error><Code>InvalidRequest</Code><Message>{text}</Message><RequestId>{request_id}</RequestId></Error>"
    else:
        error = f"<Error><Type>Sender</Type><Code>ValidationError</Code><Message>{text}</Message></Error>"
        body = f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
    return 400, {"Content-Type": "text/xml"}, body.encode()


def _json(kind: str, message: str) -> bytes:
    return json.dumps({kind: "ValidationException", "message": message}).encode()


def _ec2_code(message: str) -> str:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    if message.startswith("unknown parameter"):
        return "UnknownParameter"
    return "MissingParameter" if message.startswith("missing parameter") else "InvalidParameterValue"
