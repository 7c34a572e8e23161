"""DescribeTargetHealth: every target of a group, or those that the request names, registered or not.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
"""

from aws.elasticloadbalancing.deregister_targets import drop_drained
from aws.elasticloadbalancing.register_targets import check_target_id
from aws.elasticloadbalancing.store import lock, port_of, target_group, targets
from aws.elasticloadbalancing.target_state import not_registered, target_state


def describe_target_health(request: dict) -> dict:
    """The health of targets, one description for each target and port."""
    arn = request["TargetGroupArn"]
    group = target_group(arn)
    wanted = request.get("Targets") or []
    for each in wanted:
        check_target_id(each, group)
    drop_drained(arn)
    with lock:
        registered = [each for each in targets(arn) if not wanted or any(_is(each, asked, group) for asked in wanted)]
        descriptions = [
            _description(each, port_of(each, group), target_state(each, group), group) for each in registered
        ]
    for asked in wanted:
        if not any(_is(each, asked, group) for each in registered):
            descriptions.append(_description(asked, port_of(asked, group), not_registered(), group))
    return {"TargetHealthDescriptions": descriptions}


def _is(target: dict, asked: dict, group: dict) -> bool:
    return target["Id"] == asked["Id"] and ("Port" not in asked or asked["Port"] == port_of(target, group))


def _description(target: dict, port: int, health: dict, group: dict) -> dict:
    checked_port = port if group["HealthCheckPort"] == "traffic-port" else int(group["HealthCheckPort"])
    return {
        "Target": {"Id": target["Id"], "Port": port},
        "HealthCheckPort": str(checked_port),
        "TargetHealth": health,
    }
