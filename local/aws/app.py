"""The ASGI application: MiniStack with every part of the local AWS installed."""

from ministack.app import app

import aws.autoscaling
import aws.cloudformation
import aws.cloudwatch
import aws.ec2
import aws.elasticloadbalancing
import aws.events
import aws.iam
import aws.lambda_functions
import aws.requests
import aws.resources
import aws.s3
from aws.runtime import scopes

# The order matters where one part wraps what another has wrapped: requests are judged as the caller sent them.
PARTS = (
    scopes,
    aws.iam,
    aws.requests,
    aws.s3,
    aws.lambda_functions,
    aws.events,
    aws.cloudwatch,
    aws.cloudformation,
    aws.resources,
    aws.ec2,
    aws.elasticloadbalancing,
    aws.autoscaling,
)

for part in PARTS:
    part.install()

__all__ = ["app"]
