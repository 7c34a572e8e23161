"""AWS's own service models, which botocore carries: which one a request speaks to."""

import functools
import re
from pathlib import Path

import botocore
from botocore.loaders import Loader
from botocore.model import ServiceModel

# Where a signature's service name and the model's own name differ.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
MODELS_BY_SIGNING_NAME = {
    "airflow": ["mwaa"],
    "elasticfilesystem": ["efs"],
    "elasticloadbalancing": ["elbv2", "elb"],
    "email": ["sesv2", "ses"],
    "execute-api": [],
    "monitoring": ["cloudwatch"],
    "ses": ["sesv2", "ses"],
    "states": ["stepfunctions"],
    "tagging": ["resourcegroupstaggingapi"],
}

_loader = Loader()
_available = frozenset(folder.name for folder in (Path(botocore.__file__).parent / "data").iterdir() if folder.is_dir())


@functools.cache
def of_signing_name(name: str) -> tuple[ServiceModel, ...]:
    """The models whose requests are signed for this service: none when AWS has no such service."""
    names = MODELS_BY_SIGNING_NAME.get(name, [name])
    return tuple(
        ServiceModel(_loader.load_service_model(each, "service-2"), each) for each in names if each in _available
    )


def signing_name(headers: dict, query: dict) -> str | None:
    """The service that a request was signed for; None for one without a signature.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    """
    presigned = query.get("X-Amz-Credential", [""])[0]
    match = re.search(r"Credential=([^,\s]+)", headers.get("authorization", ""))
    scope = (match[1] if match else presigned).split("/")
    return scope[-2] if len(scope) >= 5 else None
