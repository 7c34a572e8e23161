"""Health checks of a group's instances in service.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
EC2's: an instance that does not run is unhealthy at once. The load balancer's, when the group uses them: what a target
group finds unhealthy is unhealthy once the grace period is over, in real time from the moment it came in service.
"""

import time

from ministack.services import alb, ec2

from aws.autoscaling.store import find_instance, lock, refused
from aws.elasticloadbalancing.store import targets
from aws.elasticloadbalancing.target_state import target_state


def check(group: dict) -> None:
    """Mark what is unhealthy; what was marked stays so until it is replaced."""
    for instance in group["Instances"]:
        if instance["LifecycleState"] != "InService" or instance["HealthStatus"] != "Healthy":
            continue
        reason = _ended(instance) or _failing(group, instance)
        if reason:
            instance["HealthStatus"] = "Unhealthy"
            instance["_unhealthy_because"] = reason


def _ended(instance: dict) -> str:
    record = ec2._instances.get(instance["InstanceId"])
    if record is not None and record["State"]["Name"] in ("pending", "running"):
        return ""
    instance["_has_ended"] = True
    return "an EC2 health check indicating it has been terminated or stopped"


def _failing(group: dict, instance: dict) -> str:
    in_service = time.monotonic() - instance["_in_service_at"]
    if "ELB" not in group["HealthCheckType"] or in_service < group["HealthCheckGracePeriod"]:
        return ""
    for arn in group["TargetGroupARNs"]:
        found = alb._tgs.get(arn)
        for target in targets(arn) if found else []:
            if target["Id"] == instance["InstanceId"] and target_state(target, found)["State"] == "unhealthy":
                return "an ELB system health check failure"
    return ""


def set_instance_health(request: dict) -> dict:
    """SetInstanceHealth: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceHealth.html"""
    status = request["HealthStatus"]
    if status not in ("Healthy", "Unhealthy"):
        raise refused("HealthStatus must be one of [Healthy, Unhealthy]")
    with lock:
        group, instance = find_instance(request["InstanceId"])
        in_service = time.monotonic() - instance.get("_in_service_at", time.monotonic())
        if request.get("ShouldRespectGracePeriod", True) and in_service < group["HealthCheckGracePeriod"]:
            return {}
        instance["HealthStatus"] = status
        instance["_unhealthy_because"] = "a user health-check"
    return {}
