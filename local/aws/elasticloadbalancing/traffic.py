"""Traffic: a request that a listener forwards goes to a healthy target, on the instance's own loopback port.

With no healthy target in the group it goes to any registered one, as the load balancer fails open:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-attributes
"""

import json
import random

from ministack.services import alb

from aws.elasticloadbalancing.health_checks import loopback_address
from aws.elasticloadbalancing.store import lock, targets
from aws.elasticloadbalancing.target_state import target_state

_forward_elsewhere = alb._forward_to_tg


async def forward(arn: str, method: str, path: str, headers: dict, body: bytes, query_params: dict, *raw: str) -> tuple:
    """Forward one request to a target group; 503 when it has no target."""
    group = alb._tgs.get(arn)
    if group is None or group["TargetType"] != "instance":
        return await _forward_elsewhere(arn, method, path, headers, body, query_params, *raw)
    target = choose(arn, group)
    address = loopback_address(target, group) if target else None
    if address is None:
        return 503, {"Content-Type": "application/json"}, json.dumps({"message": "No registered target"}).encode()
    raw_query, raw_path = (*raw, None, None)[:2]
    there = {"Id": address[0], "Port": address[1]}
    return await alb._proxy_http_target(there, group, method, raw_path or path, headers, body, query_params, raw_query)


def choose(arn: str, group: dict) -> dict | None:
    """A healthy target, else any that is registered, else nothing."""
    with lock:
        registered = [each for each in targets(arn) if each.get("_drains_until") is None]
        healthy = [each for each in registered if target_state(each, group)["State"] == "healthy"]
    return random.choice(healthy or registered) if registered else None
