"""Write permissions.json: what CloudFormation must be allowed in order to work with the resource types of a site.

    .venv/bin/python infra/controller/execution-role/generate.py [--check]

The resource types come from resource-types.json, the permissions from the types' registry schemas
(https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html), and what each action can be
scoped to from the Service Authorization Reference; cfn-lint carries both. `--check` compares instead of writing.
"""

import fnmatch
import json
import sys
from importlib.metadata import version
from pathlib import Path

import cfnlint
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

HERE = Path(__file__).parent
REGION = "eu-west-3"
WIDTH = 120
HANDLERS = ("create", "read", "update", "delete")

# Wildcards of the registry, written out. The first three are AWS's own list for a group of a launch template
# (AutoScalingFullAccess); what a type names itself comes besides.
EXPANDED = {
    "autoscaling:Describe*": """DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeInstanceRefreshes
        DescribeLifecycleHooks DescribeLoadBalancers DescribeLoadBalancerTargetGroups DescribeMetricCollectionTypes
        DescribeNotificationConfigurations DescribePolicies DescribeScalingActivities DescribeScalingProcessTypes
        DescribeScheduledActions DescribeTags DescribeTrafficSources DescribeWarmPool""",
    "ec2:Describe*": """DescribeAccountAttributes DescribeAvailabilityZones DescribeImages DescribeInstanceAttribute
        DescribeInstanceTypes DescribeInstances DescribeKeyPairs DescribeLaunchTemplateVersions DescribeLaunchTemplates
        DescribePlacementGroups DescribeSecurityGroups DescribeSpotInstanceRequests DescribeSubnets DescribeVpcs""",
    "ec2:Get*": "GetInstanceTypesFromInstanceRequirements GetSecurityGroupsForVpc",
    "elasticloadbalancing:Describe*": "DescribeLoadBalancers DescribeTargetGroups DescribeTargetHealth",
    # Only for a launch template that names its image by a parameter; the controller resolves images itself.
    "ssm:Get*": "",
    "managed-fleets:Get*": "",
}

# What the services ask of the caller and the registry leaves out, by the page that says so.
ADDED = {
    # https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html and its siblings
    "AWS::EFS::MountTarget": """ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:DescribeNetworkInterfaces
        ec2:DescribeSubnets ec2:ModifyNetworkInterfaceAttribute""",
    # A private DNS name: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    "AWS::EC2::VPCEndpoint": "route53:AssociateVPCWithHostedZone",
}

# What handlers may do for features that no template of a site uses, and what nobody may do with this role.
DROPPED = {
    "another service, for a feature that a site does not use": """acm-pca:* cognito-idp:* firehose:* managed-fleets:*
        s3tables:* vpc-lattice:* vpce:*""",
    "destroys data, which is denied besides": """backup:DeleteBackupVault elasticfilesystem:DeleteFileSystem
        kms:DisableKey* kms:ScheduleKeyDeletion rds:CreateDBSnapshot rds:DeleteDBInstance s3:DeleteBucket
        s3:DeleteObject secretsmanager:DeleteSecret""",
    "would lift the boundary of a site's role": "iam:DeleteRolePermissionsBoundary",
    "restoring, copying and promoting are procedures of their own": """elasticfilesystem:*ReplicationConfiguration
        rds:CreateDBInstanceReadReplica rds:PromoteReadReplica rds:Restore* rds:*AutomatedBackupsReplication
        rds:*RoleToDBInstance rds:*RoleFromDBInstance secretsmanager:*Replicat*""",
    "buckets hold private objects of one owner, and nothing else is turned on": """s3:GetObject s3:*Abac
        s3:*MetadataTableConfiguration s3:Update* s3:PutAccelerateConfiguration s3:PutAnalyticsConfiguration
        s3:PutBucketAcl s3:PutBucketCORS s3:PutBucketObjectLockConfiguration s3:*BucketWebsite
        s3:PutIntelligentTieringConfiguration s3:PutInventoryConfiguration s3:PutMetricsConfiguration s3:PutObjectAcl
        s3:PutReplicationConfiguration""",
    "the network is plain: no address transfer, private NAT, VPN, second range, tenancy": """ec2:AcceptAddressTransfer
        ec2:*PrivateNatGatewayAddress ec2:*NatGatewayAddress ec2:*VpnGateway ec2:*SubnetCidrBlock
        ec2:CreateVpcEncryptionControl ec2:ModifyVpcTenancy ec2:*Ipam*""",
    "the bastion has no volume but its root, no placement, no association": """ec2:*achVolume
        ec2:ModifyInstancePlacement ssm:*Association""",
    "load balancers have no reserved capacity and no address pool": """elasticloadbalancing:ModifyCapacityReservation
        elasticloadbalancing:ModifyIpPools""",
    "groups have no classic load balancer, no notification; the controller rolls them": """
        autoscaling:*tachLoadBalancers autoscaling:*NotificationConfiguration autoscaling:*InstanceRefresh""",
    "log groups keep the default key and no policy; nothing delivers into them by these": """logs:*KmsKey
        logs:*DataProtectionPolicy logs:PutIndexPolicy logs:DeleteIndexPolicy logs:PutBearerTokenAuthentication
        logs:PutResourcePolicy logs:DeleteResourcePolicy logs:PutLogEvents logs:CreateLogStream
        logs:PutLogGroupDeletionProtection""",
    "topics have no data protection policy": "sns:*DataProtectionPolicy",
    "zones are public and log no queries": "route53:DisassociateVPC* route53:*QueryLogging*",
    "vaults have no lock, no notification, no policy of their own": """backup:PutBackupVault*
        backup:DeleteBackupVault?*""",
    "the cache is a replication group without shards, and keeps no data": """elasticache:CreateCacheCluster
        elasticache:DeleteCacheCluster elasticache:CreateSnapshot elasticache:*ShardConfiguration kms:Encrypt""",
}


def service_authorization() -> dict:
    """Service to action (in lower case) to the resource types that AWS can scope it to."""
    path = Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs" / "Policies.json"
    services = json.loads(path.read_text())
    return {
        name: {action: sorted(facts.get("Resources", [])) for action, facts in service["Actions"].items()}
        for name, service in services.items()
    }


def handler_permissions(types: list[str]) -> dict[str, set[str]]:
    """Each permission of the handlers, wildcards written out, to the types that ask for it."""
    asked: dict[str, set[str]] = {}
    for resource_type in types:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
        for handler in HANDLERS:
            for permission in schema.get("handlers", {}).get(handler, {}).get("permissions", []):
                for action in written_out(permission):
                    asked.setdefault(action, set()).add(resource_type)
    for resource_type, actions in ADDED.items():
        for action in actions.split():
            asked.setdefault(action, set()).add(resource_type)
    return asked


def written_out(permission: str) -> list[str]:
    if "*" not in permission:
        return [permission]
    if permission not in EXPANDED:
        raise SystemExit(f"The registry has a new wildcard, {permission}: write it out in EXPANDED.")
    service = permission.split(":")[0]
    return [f"{service}:{name}" for name in EXPANDED[permission].split()]


def dropped_by(action: str) -> str | None:
    patterns = (pattern for text in DROPPED.values() for pattern in text.split())
    return next((pattern for pattern in patterns if fnmatch.fnmatchcase(action, pattern)), None)


def generate() -> dict:
    types = json.loads((HERE / "resource-types.json").read_text())
    known = service_authorization()
    asked = handler_permissions(types)
    dropped = {action: dropped_by(action) for action in asked}
    idle = {p for text in DROPPED.values() for p in text.split()} - set(dropped.values())
    if idle:
        raise SystemExit(f"DROPPED names what no type asks for: {', '.join(sorted(idle))}")
    actions, strangers = {}, []
    for action in sorted(asked, key=str.lower):
        service, name = action.split(":")
        if dropped[action] is not None:
            continue
        if name.lower() not in known.get(service, {}):
            strangers.append(action)
            continue
        actions[action] = {"for": sorted(asked[action]), "on": ours(known[service][name.lower()])}
    return {"cfnLint": version("cfn-lint"), "notActions": strangers, "taggable": taggable(types), "actions": actions}


def ours(resource_types: list[str]) -> list[str]:
    """A tagging action names every type of its service: that is the same as none in particular."""
    return resource_types if len(resource_types) <= 12 else ["*"]


def taggable(types: list[str]) -> list[str]:
    """The types whose resources carry their stack's tags from the moment of their creation."""
    schemas = {each: PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, each).schema for each in types}
    return [each for each, schema in schemas.items() if schema.get("tagging", {}).get("tagOnCreate", False)]


def formatted(value: object, indent: str = "", room: int = WIDTH) -> str:
    """JSON as this project's formatter leaves it: objects opened, a list on one line where it fits."""
    inner = indent + "  "
    if isinstance(value, dict):
        names = [f"{inner}{json.dumps(name)}: " for name in value]
        # All but the last have a comma behind them.
        rooms = [WIDTH - len(name) - 1 for name in names[:-1]] + [WIDTH - len(names[-1])]
        members = zip(names, value.values(), rooms, strict=True)
        return "{\n" + ",\n".join(name + formatted(each, inner, room) for name, each, room in members) + f"\n{indent}}}"
    line = json.dumps(value)
    if not isinstance(value, list) or len(line) <= room:
        return line
    return "[\n" + ",\n".join(inner + json.dumps(each) for each in value) + "\n" + indent + "]"


def main() -> None:
    target = HERE / "permissions.json"
    text = formatted(generate()) + "\n"
    if "--check" not in sys.argv:
        target.write_text(text)
    elif not target.exists() or target.read_text() != text:
        raise SystemExit(f"{target.name} is stale: run infra/controller/execution-role/generate.py")


if __name__ == "__main__":
    main()
