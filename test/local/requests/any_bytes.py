"""Prints, as JSON, each request on which the check itself breaks, of many that no SDK would send."""

import json
import logging
from itertools import product

from aws.requests import examine
from aws.requests.operations import Request

SERVICES = [
    "ec2",
    "autoscaling",
    "cloudformation",
    "s3",
    "dynamodb",
    "lambda",
    "route53",
    "monitoring",
    "no-service",
    "",
]
BODIES = [
    b"",
    b"[]",
    b"null",
    b"{",
    b"\xff\xfe",
    b"\x00" * 10,
    b"<a/>",
    b"<a",
    b'{"TableName": [1], "Key": {"a": {"L": [{"M": 5}]}}}',
    b"Action=CreateVpc&Version=2016-11-15&CidrBlock.1.2=3&.=&..=4&a=",
    b"Action=CreateAutoScalingGroup&Version=2011-01-01&Tags.member.x.Key=1&Tags.member=3&Tags.member.1=3",
    b"<ChangeResourceRecordSetsRequest><ChangeBatch><Changes>x</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>",
]
PATHS = [
    "/",
    "",
    "//",
    "/%",
    "/a/b",
    "/2015-03-31/functions",
    "/2013-04-01/hostedzone/Z/rrset",
    "/service/x/operation/PutMetricData",
]
EXTRAS = [
    {},
    {"x-amz-target": "."},
    {"x-amz-target": "DynamoDB_20120810.GetItem"},
    {"content-encoding": "gzip"},
    {"smithy-protocol": "rpc-v2-cbor"},
]
QUERIES = [{}, {"list-type": ["2"]}, {"MaxItems": ["x"]}, {"Action": ["x"]}]


def main() -> None:
    logging.disable(logging.CRITICAL)
    tried, broken = 0, []
    for service, body, path, extra, query, method in product(SERVICES, BODIES, PATHS, EXTRAS, QUERIES, ("GET", "POST")):
        signed = {"authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-3/{service}/aws4_request"}
        tried += 1
        try:
            examine(Request(method, path, {**signed, **extra}, query, body), "request-id")
        except Exception as error:  # noqa: BLE001 (any exception is what this looks for)
            broken.append(f"{service} {method} {path} {extra} {body!r}: {error!r}")
    print(json.dumps({"tried": tried, "wrong": broken}))


if __name__ == "__main__":
    main()
