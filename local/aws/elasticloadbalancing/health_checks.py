"""Health checks: real HTTP requests to the targets, at the interval and with the thresholds of their group.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
A new target is healthy with its first success; a healthy one is unhealthy after UnhealthyThresholdCount failures in a
row, an unhealthy one healthy after HealthyThresholdCount successes. Only the wait for the first success follows the
local AWS's time scale; failures count at the group's own interval, in real time.
"""

import http.client
import threading
import time
from dataclasses import dataclass

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import alb, ec2

from aws.ec2.instance_disk import HOST
from aws.elasticloadbalancing.deregister_targets import drop_drained
from aws.elasticloadbalancing.store import lock, port_of, targets
from aws.elasticloadbalancing.target_state import is_checked
from aws.runtime import clock

_USER_AGENT = "ELB-HealthChecker/2.0"
_SHORTEST_WAIT_SECONDS = 0.2


@dataclass(frozen=True)
class Finding:
    """What one health check found: no reason means success."""

    reason: str = ""
    description: str = ""


def check_due_targets() -> None:
    """Start the checks that are due, each on a thread of its own, since a target may take its time to answer."""
    for group in alb._tgs.values():
        arn = group["TargetGroupArn"]
        drop_drained(arn)
        if group["TargetType"] == "lambda":
            continue
        with lock:
            due = [each for each in targets(arn) if _is_due(each, group)]
            for target in due:
                target["_checking"] = True
        for target in due:
            scope = (get_account_id(), get_region())
            threading.Thread(target=_check, args=(target, group, scope), name="elb-health-check", daemon=True).start()


def _is_due(target: dict, group: dict) -> bool:
    if target.get("_checking") or time.monotonic() < target.get("_next_check", 0):
        return False
    if is_checked(target, group):
        return True
    # When it is used again, its health is unknown.
    target["_state"] = "initial"
    target.pop("_failing_since", None)
    return False


def _check(target: dict, group: dict, scope: tuple[str, str]) -> None:
    with request_scope(*scope):
        started = time.monotonic()
        try:
            finding = _request(target, group)
            with lock:
                count(target, group, finding, started)
        finally:
            target["_checking"] = False


def count(target: dict, group: dict, finding: Finding, started: float) -> None:
    """Enter a finding into a target's state and set when the next check is due (`started` is a monotonic time)."""
    interval = group["HealthCheckIntervalSeconds"]
    success, state = not finding.reason, target["_state"]
    target["_next_check"] = started + interval
    if not success:
        target.update({"_reason": finding.reason, "_description": finding.description})
    if state == "initial":
        failing_since = target.setdefault("_failing_since", started)
        failed_for_good = started - failing_since >= (group["UnhealthyThresholdCount"] - 1) * interval
        if not success and not failed_for_good:
            target["_next_check"] = started + max(_SHORTEST_WAIT_SECONDS, interval * clock.time_scale())
            return
        _enter(target, success)
    elif success == (state == "healthy"):
        target["_in_a_row"] = 0
    else:
        target["_in_a_row"] += 1
        threshold = group["HealthyThresholdCount"] if success else group["UnhealthyThresholdCount"]
        if target["_in_a_row"] >= threshold:
            _enter(target, success)


def _enter(target: dict, success: bool) -> None:
    target.update({"_state": "healthy" if success else "unhealthy", "_in_a_row": 0})
    target.pop("_failing_since", None)


def _request(target: dict, group: dict) -> Finding:
    address = loopback_address(target, group)
    if address is None:
        return Finding("Target.FailedHealthChecks", "Health checks failed")
    connection = http.client.HTTPConnection(*address, timeout=group["HealthCheckTimeoutSeconds"])
    try:
        headers = {"Host": _host(target, group), "User-Agent": _USER_AGENT, "Connection": "close"}
        connection.request("GET", group["HealthCheckPath"], headers=headers)
        status = connection.getresponse().status
    except TimeoutError:
        return Finding("Target.Timeout", "Request timed out")
    except (OSError, http.client.HTTPException):
        return Finding("Target.FailedHealthChecks", "Health checks failed")
    finally:
        connection.close()
    if matches(status, group["Matcher"]["HttpCode"]):
        return Finding()
    return Finding("Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{status}]")


def matches(status: int, matcher: str) -> bool:
    """Whether a status is among the codes and ranges of a matcher such as `200,202` or `200-299`."""
    for part in matcher.split(","):
        low, _, high = part.strip().partition("-")
        if int(low) <= status <= int(high or low):
            return True
    return False


def loopback_address(target: dict, group: dict) -> tuple[str, int] | None:
    """Where a target's traffic goes: any port of an instance stands for the one port that it has on loopback."""
    if group["TargetType"] == "ip":
        return target["Id"], port_of(target, group)
    instance = ec2._instances.get(target["Id"])
    return (HOST, instance["_port"]) if instance else None


def _host(target: dict, group: dict) -> str:
    """The load balancer names the target's private address as the host."""
    instance = ec2._instances.get(target["Id"])
    return instance["PrivateIpAddress"] if instance else target["Id"]
