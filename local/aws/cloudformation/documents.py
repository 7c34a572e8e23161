"""TemplateURL and StackPolicyURL: a document in S3, in path style or virtual-hosted style, of one version when asked.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlparse

from ministack.services import s3
from ministack.services.cloudformation import helpers

# my-bucket.s3.eu-west-3.amazonaws.com, my-bucket.s3.amazonaws.com, my-bucket.s3.localhost
VIRTUAL_HOSTED = re.compile(r"^(?P<bucket>[a-z0-9][a-z0-9.-]*)\.s3[.-]")

_read: Callable[[dict, str, str, str], tuple] = helpers._resolve_document


def location(url: str) -> tuple[str, str, str | None] | None:
    """Bucket, key and version id of an S3 URL, or None when it names no object."""
    parsed = urlparse(url)
    hosted = VIRTUAL_HOSTED.match(parsed.hostname or "")
    path = unquote(parsed.path.lstrip("/"))
    bucket, key = (hosted["bucket"], path) if hosted else path.partition("/")[::2]
    version = parse_qs(parsed.query).get("versionId", [None])[0]
    return (bucket, key, version) if bucket and key else None


def resolve_document(params: dict, body_key: str, url_key: str, label: str) -> tuple:
    """The inline document or the one behind its URL, as (text, error answer)."""
    url = helpers._p(params, url_key)
    if helpers._p(params, body_key) or not url:
        return _read(params, body_key, url_key, label)
    found = location(url)
    if found is None:
        return None, helpers._error("ValidationError", f"Invalid {url_key}: {url}")
    bucket, key, version = found
    content = s3._get_object_data(bucket, key, version)
    if content is None:
        return None, helpers._error("ValidationError", f"S3 error: The specified key does not exist: {url}")
    if body_key == "TemplateBody" and len(content) > helpers.TEMPLATE_URL_MAX_BYTES:
        limit = helpers.TEMPLATE_URL_MAX_BYTES
        return None, helpers._error("ValidationError", f"Template may not exceed {limit} bytes in size.")
    return content.decode("utf-8"), None


def install() -> None:
    """Read documents of both URL styles."""
    helpers._resolve_document = resolve_document
