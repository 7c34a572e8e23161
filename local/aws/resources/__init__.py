"""CloudFormation resource types that MiniStack lacks or gets wrong, one file a type or service."""

from aws.resources import (
    backup_selection,
    bucket,
    certificate,
    composite_alarm,
    db_instance,
    elastic_ip,
    flow_log,
    hosted_zone,
    identifiers,
    log_group,
    nat_gateway,
    network_attributes,
    readiness,
    replication_group,
    secret,
    security_group_rules,
    target_group,
)

PARTS = (
    backup_selection,
    bucket,
    certificate,
    composite_alarm,
    db_instance,
    elastic_ip,
    flow_log,
    hosted_zone,
    identifiers,
    log_group,
    nat_gateway,
    network_attributes,
    readiness,
    replication_group,
    secret,
    security_group_rules,
    target_group,
)


def install() -> None:
    """Teach CloudFormation every type."""
    for part in PARTS:
        part.install()
