"""The states that services show while what they were asked for is not ready.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
https://docs.aws.amazon.com/efs/latest/ug/API_MountTargetDescription.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html
"""

from collections.abc import Callable, MutableMapping

from ministack.services import alb, efs, elasticache, rds

from aws.cloudformation.readiness import Readiness, register


def _shown(
    store: Callable[[], MutableMapping], field: str, creating: str, ready: str, updating: str | None
) -> Readiness:
    """A record's field that says creating, updating (None: shows nothing) and ready."""

    def busy(physical_id: str, operation: str) -> None:
        state = creating if operation == "create" else updating
        record = store().get(physical_id)
        if record is not None and state:
            record[field] = state

    def settled(physical_id: str) -> None:
        record = store().get(physical_id)
        if record is not None:
            record[field] = ready

    return Readiness(busy, settled)


def install() -> None:
    """Show the states of the types whose service has them."""
    register(
        "AWS::RDS::DBInstance",
        _shown(lambda: rds._instances, "DBInstanceStatus", "creating", "available", "modifying"),
    )
    register(
        "AWS::ElastiCache::ReplicationGroup",
        _shown(lambda: elasticache._replication_groups, "Status", "creating", "available", "modifying"),
    )
    register("AWS::EFS::FileSystem", _shown(lambda: efs._file_systems, "LifeCycleState", "creating", "available", None))
    register(
        "AWS::EFS::MountTarget", _shown(lambda: efs._mount_targets, "LifeCycleState", "creating", "available", None)
    )
    register(
        "AWS::EFS::AccessPoint", _shown(lambda: efs._access_points, "LifeCycleState", "creating", "available", None)
    )
    register(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        _shown(lambda: alb._lbs, "State", "provisioning", "active", None),
    )
