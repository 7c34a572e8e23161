"""Writes what CloudFormation's registry schemas say of the types that a site and the controller use.

The schemas are those that cfn-lint carries (https://github.com/aws-cloudformation/cfn-lint); they say what replaces a
resource, what Ref and Fn::GetAtt read, and which property takes tags:
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html

    python local/facts/generate.py           writes local/facts/resource-types.json
    python local/facts/generate.py --check   exits 1 when the file is not what would be written
"""

import json
import sys
from pathlib import Path

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

# Facts are the same in every commercial region for these types; cfn-lint's most complete set is that of us-east-1.
REGION = "us-east-1"
TARGET = Path(__file__).with_name("resource-types.json")
TYPES = """
AWS::AutoScaling::AutoScalingGroup AWS::AutoScaling::LifecycleHook AWS::AutoScaling::ScalingPolicy
AWS::AutoScaling::ScheduledAction AWS::Backup::BackupPlan AWS::Backup::BackupSelection AWS::Backup::BackupVault
AWS::CertificateManager::Certificate AWS::CloudFormation::WaitConditionHandle AWS::CloudWatch::Alarm
AWS::CloudWatch::CompositeAlarm AWS::CloudWatch::Dashboard AWS::DynamoDB::GlobalTable AWS::DynamoDB::Table
AWS::EC2::EIP AWS::EC2::FlowLog AWS::EC2::Instance AWS::EC2::InternetGateway AWS::EC2::LaunchTemplate
AWS::EC2::NatGateway AWS::EC2::Route AWS::EC2::RouteTable AWS::EC2::SecurityGroup AWS::EC2::SecurityGroupEgress
AWS::EC2::SecurityGroupIngress AWS::EC2::Subnet AWS::EC2::SubnetRouteTableAssociation AWS::EC2::VPC
AWS::EC2::VPCEndpoint AWS::EC2::VPCGatewayAttachment AWS::EFS::AccessPoint AWS::EFS::FileSystem AWS::EFS::MountTarget
AWS::ElastiCache::ParameterGroup AWS::ElastiCache::ReplicationGroup AWS::ElastiCache::SubnetGroup
AWS::ElasticLoadBalancingV2::Listener AWS::ElasticLoadBalancingV2::ListenerRule
AWS::ElasticLoadBalancingV2::LoadBalancer AWS::ElasticLoadBalancingV2::TargetGroup AWS::Events::Rule
AWS::IAM::InstanceProfile AWS::IAM::ManagedPolicy AWS::IAM::Policy AWS::IAM::Role AWS::KMS::Alias AWS::KMS::Key
AWS::Lambda::EventInvokeConfig AWS::Lambda::EventSourceMapping AWS::Lambda::Function AWS::Lambda::Permission
AWS::Logs::LogGroup AWS::Logs::MetricFilter AWS::RDS::DBInstance AWS::RDS::DBParameterGroup AWS::RDS::DBSubnetGroup
AWS::Route53::HostedZone AWS::Route53::RecordSet AWS::S3::Bucket AWS::S3::BucketPolicy AWS::SNS::Subscription
AWS::SNS::Topic AWS::SNS::TopicPolicy AWS::SQS::Queue AWS::SQS::QueuePolicy AWS::SSM::Parameter
AWS::Scheduler::Schedule AWS::Scheduler::ScheduleGroup AWS::SecretsManager::Secret
""".split()


def names(pointers: list[str] | None) -> list[str]:
    """`/properties/Endpoint/Address` as `Endpoint.Address`, sorted."""
    return sorted(".".join(part for part in pointer.split("/")[2:] if part != "*") for pointer in pointers or [])


def tag_property(schema: dict) -> str | None:
    """The property that takes tags at the top level, or None for a type that takes none."""
    tagging = schema.get("tagging") or {}
    if not tagging.get("taggable", schema.get("taggable", True)):
        return None
    name = tagging.get("tagProperty", "/properties/Tags").split("/")[2]
    return name if name in schema.get("properties", {}) else None


def tag_shape(schema: dict, name: str | None) -> str | None:
    """`list` for [{Key, Value}], `map` for {key: value}."""
    if name is None:
        return None
    declared = schema["properties"][name]
    while "$ref" in declared:
        declared = schema["definitions"][declared["$ref"].split("/")[-1]]
    return "map" if declared.get("type") == "object" else "list"


def facts(type_name: str) -> dict:
    """What the registry says of one type."""
    loaded = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, type_name)
    schema = loaded.schema
    tag = tag_property(schema)
    found = {
        "createOnly": names(schema.get("createOnlyProperties")),
        "conditionalCreateOnly": names(schema.get("conditionalCreateOnlyProperties")),
        "primaryIdentifier": names(schema.get("primaryIdentifier")),
        # What the registry calls read-only, and what cfn-lint knows to be readable besides.
        "attributes": sorted(
            name for name in {*names(schema.get("readOnlyProperties")), *loaded.get_atts} if "*" not in name
        ),
        "readOnly": names(schema.get("readOnlyProperties")),
    }
    if tag:
        system = (schema.get("tagging") or {}).get("cloudFormationSystemTags", True)
        found["tags"] = {"property": tag, "shape": tag_shape(schema, tag), "system": system}
    return found


def rendered() -> str:
    """The file's text: one type a line, so that a change of a schema reads as a change of its type."""
    lines = [f"{json.dumps(name)}: {json.dumps(facts(name), separators=(',', ':'))}" for name in sorted(TYPES)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    text = rendered()
    if "--check" in sys.argv[1:]:
        fresh = TARGET.exists() and TARGET.read_text() == text
        if not fresh:
            print(f"{TARGET} is stale: run python local/facts/generate.py and commit the result", file=sys.stderr)
        return 0 if fresh else 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
