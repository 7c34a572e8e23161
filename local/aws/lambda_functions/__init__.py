"""Lambda functions that run what was deployed, and fail as Lambda's do."""

from aws.lambda_functions import code, errors


def install() -> None:
    """Refuse functions without code, and answer errors in Lambda's own form."""
    code.install()
    errors.install()
