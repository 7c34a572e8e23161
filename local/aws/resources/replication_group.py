"""AWS::ElastiCache::ReplicationGroup: endpoints are DNS names of the group.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticache-replicationgroup.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html
"""

import hashlib

from ministack.core.responses import get_region
from ministack.services import elasticache
from ministack.services.cloudformation import stacks

from aws.resources.handlers import amend

TYPE = "AWS::ElastiCache::ReplicationGroup"


def _name_endpoints(group: dict) -> None:
    """Put AWS's names where MiniStack has the address of a container that it does not start."""
    name = group["ReplicationGroupId"]
    mark = hashlib.sha256(group["ARN"].encode()).hexdigest()[:6]
    # eu-west-3 is euw3 in the names of caches.
    area, direction, number = get_region().split("-")[-3:]
    place = f"{mark}.{area}{direction[0]}{number}.cache.amazonaws.com"
    for node_group in group["NodeGroups"]:
        node_group["PrimaryEndpoint"]["Address"] = f"master.{name}.{place}"
        node_group["ReaderEndpoint"] = {**node_group["PrimaryEndpoint"], "Address": f"replica.{name}.{place}"}
        for member in node_group["NodeGroupMembers"]:
            address = f"{member['CacheClusterId']}.{name}.{place}"
            member["ReadEndpoint"] = {**member["ReadEndpoint"], "Address": address}


def _attributes(name: str, _properties: dict) -> dict:
    group = elasticache._replication_groups[name]
    _name_endpoints(group)
    first = group["NodeGroups"][0]
    primary, reader = first["PrimaryEndpoint"], first["ReaderEndpoint"]
    replicas = [member["ReadEndpoint"] for member in first["NodeGroupMembers"]]
    return {
        "PrimaryEndPoint.Address": primary["Address"],
        "PrimaryEndPoint.Port": str(primary["Port"]),
        "ReaderEndPoint.Address": reader["Address"],
        "ReaderEndPoint.Port": str(reader["Port"]),
        "ReadEndPoint.Addresses": ",".join(replica["Address"] for replica in replicas),
        "ReadEndPoint.Ports": ",".join(str(replica["Port"]) for replica in replicas),
        "ReadEndPoint.AddressesList": [replica["Address"] for replica in replicas],
        "ReadEndPoint.PortsList": [str(replica["Port"]) for replica in replicas],
    }


def install() -> None:
    """Correct the endpoints, and show no group as available before it is."""
    amend(TYPE, _attributes)
    _run_on_the_loop()


def _run_on_the_loop() -> None:
    """Have the handlers run where requests are answered: from a thread a new group is seen before its state is set.

    MiniStack runs them on threads for Docker's sake, which is not used here.
    """
    others = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda asked: asked != TYPE and others(asked)
