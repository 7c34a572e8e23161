"""Target groups whose health is real: registration, health checks, draining, metrics, traffic to processes."""

from ministack.services import alb

from aws.ec2.service_model import serve
from aws.elasticloadbalancing import load_balancer_zones, metrics, traffic
from aws.elasticloadbalancing.deregister_targets import deregister_targets
from aws.elasticloadbalancing.describe_target_health import describe_target_health
from aws.elasticloadbalancing.health_checks import check_due_targets
from aws.elasticloadbalancing.register_targets import register_targets
from aws.runtime import background

_ROUND_SECONDS = 0.1
_SAMPLE_SECONDS = 2


def install() -> None:
    """Put the target actions in place of MiniStack's, whose targets are all healthy; start checks and metrics."""
    alb._ACTION_MAP.update(
        serve(
            "elbv2",
            {
                "DeregisterTargets": deregister_targets,
                "DescribeTargetHealth": describe_target_health,
                "RegisterTargets": register_targets,
            },
        )
    )
    alb._forward_to_tg = traffic.forward
    alb._lb_xml = load_balancer_zones.with_zones
    background.every(_ROUND_SECONDS, "elasticloadbalancing", check_due_targets)
    background.every(_SAMPLE_SECONDS, "elasticloadbalancing-metrics", metrics.sample)
