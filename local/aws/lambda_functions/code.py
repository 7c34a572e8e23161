"""A function's code has to be there: when the function is made, when its code is replaced, when it runs.

MiniStack makes a function without code and lets it answer by itself.
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (Code, InvalidParameterValueException)
"""

from collections.abc import Callable

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc, s3
from ministack.services.cloudformation import provisioners

FUNCTION = "AWS::Lambda::Function"


def install() -> None:
    for name in ("_create_function", "_update_code"):
        setattr(lambda_svc, name, _refusing(getattr(lambda_svc, name)))
    _refuse_in_templates(provisioners._RESOURCE_HANDLERS[FUNCTION])


def _refusing(accept: Callable) -> Callable:
    def checked(*args):
        data = next(each for each in reversed(args) if isinstance(each, dict))
        missing = missing_code(data.get("Code", data))
        if missing:
            return error_response_json("InvalidParameterValueException", missing, 400)
        return accept(*args)

    return checked


def _refuse_in_templates(handlers: dict) -> None:
    create, update = handlers["create"], handlers["update"]

    def create_checked(logical_id, props, *rest):
        _raise_for(props)
        return create(logical_id, props, *rest)

    def update_checked(physical_id, old_props, new_props, *rest):
        _raise_for(new_props)
        return update(physical_id, old_props, new_props, *rest)

    handlers.update(create=create_checked, update=update_checked)


def _raise_for(props: dict) -> None:
    missing = missing_code(props.get("Code") or {})
    if missing:
        raise ValueError(f"{missing} (Service: Lambda, Status Code: 400)")


def missing_code(code: dict) -> str | None:
    """What is wrong with where a function's code comes from, in Lambda's words; None when the code is there."""
    if code.get("ImageUri") or code.get("ZipFile"):
        return None
    bucket, key = code.get("S3Bucket"), code.get("S3Key")
    if not (bucket and key):
        return "Please provide a source for function code."
    if lambda_svc._fetch_code_from_s3(bucket, key, version_id=code.get("S3ObjectVersion")) is not None:
        return None
    error, message = (
        ("NoSuchKey", "The specified key does not exist.")
        if bucket in s3._buckets
        else ("NoSuchBucket", "The specified bucket does not exist")
    )
    return f"Error occurred while GetObject. S3 Error Code: {error}. S3 Error Message: {message}"
