"""CloudFormation resource types that MiniStack lacks or gets wrong, one file a type or service."""

from aws.resources import (
    backup_selection,
    composite_alarm,
    elastic_ip,
    flow_log,
    nat_gateway,
    readiness,
    secret,
    security_group_rules,
)

PARTS = (
    backup_selection,
    composite_alarm,
    elastic_ip,
    flow_log,
    nat_gateway,
    readiness,
    secret,
    security_group_rules,
)


def install() -> None:
    """Teach CloudFormation every type."""
    for part in PARTS:
        part.install()
