"""What Ref gives for types that MiniStack identifies by something else.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
"""

from aws.resources.handlers import amend


def install() -> None:
    """Correct the physical ids."""
    amend("AWS::IAM::InstanceProfile", lambda _id, _properties: {}, lambda arn, _properties: arn.rsplit("/", 1)[-1])
    amend("AWS::S3::BucketPolicy", lambda _id, _properties: {}, lambda _id, properties: properties["Bucket"])
