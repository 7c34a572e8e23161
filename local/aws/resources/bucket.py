"""AWS::S3::Bucket: its tags, and the dual-stack name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from ministack.core.responses import get_region
from ministack.services import s3

from aws.resources.handlers import amend


def _completed(name: str, properties: dict) -> dict:
    tags = {tag["Key"]: tag.get("Value", "") for tag in properties.get("Tags") or []}
    if tags:
        s3._bucket_tags[name] = tags
    else:
        s3._bucket_tags.pop(name, None)
    return {"DualStackDomainName": f"{name}.s3.dualstack.{get_region()}.amazonaws.com"}


def install() -> None:
    """Add what MiniStack's handlers leave out."""
    amend("AWS::S3::Bucket", _completed)
