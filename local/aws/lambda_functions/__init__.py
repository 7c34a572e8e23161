"""Lambda functions that run what was deployed, and fail as Lambda's do."""

from aws.lambda_functions import code, environment, errors


def install() -> None:
    """Refuse functions without code, give them their own environment, and answer errors in Lambda's form."""
    code.install()
    environment.install()
    errors.install()
