"""The rounds of Auto Scaling's control plane: health, capacity, then each instance a step on.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-groups.html
"""

import time

from ministack.services import autoscaling

from aws.autoscaling import (
    activities,
    capacity,
    health,
    instance_refresh,
    launching,
    scheduled_actions,
    terminating,
)
from aws.autoscaling.store import lock, runs


def advance() -> None:
    """One round over all groups of the account and region."""
    scheduled_actions.run_due()
    for group in autoscaling._asgs.values():
        with lock:
            if runs(group, "HealthCheck"):
                health.check(group)
            instance_refresh.advance(group)
            reconcile(group)
            for instance in list(group["Instances"]):
                step(group, instance)


def step(group: dict, instance: dict) -> None:
    """Move one instance on."""
    state = instance["LifecycleState"]
    if state.startswith("Pending"):
        launching.advance(group, instance)
    elif state.startswith("Terminating"):
        terminating.advance(group, instance)


def reconcile(group: dict) -> None:
    """Launch and end what the group's desired capacity and its unhealthy instances ask for."""
    decision = capacity.decide(group)
    now = activities.now()
    before = len([each for each in group["Instances"] if not each["LifecycleState"].startswith("Terminating")])
    for instance in decision.replaced if runs(group, "Terminate") else []:
        unhealthy = capacity.is_unhealthy(instance)
        if unhealthy and not runs(group, "ReplaceUnhealthy"):
            continue
        reason = instance.get("_unhealthy_because", "a health check failure") if unhealthy else "an instance refresh"
        cause = f"At {now} an instance was taken out of service in response to {reason}."
        terminating.begin_to_terminate(group, instance, cause)
    if runs(group, "Terminate"):
        for taken, instance in enumerate(decision.ended):
            cause = (
                f"{group['_cause']} At {now} an instance was taken out of service in response to a difference between "
                f"desired and actual capacity, shrinking the capacity from {before - taken} to {before - taken - 1}. "
                f"At {now} instance {instance['InstanceId']} was selected for termination."
            )
            terminating.begin_to_terminate(group, instance, cause.strip())
    if runs(group, "Launch") and time.monotonic() >= group["_retry_at"]:
        for added in range(decision.launches):
            cause = (
                f"{group['_cause']} At {now} an instance was started in response to a difference between desired and "
                f"actual capacity, increasing the capacity from {before + added} to {before + added + 1}."
            )
            launching.launch(group, cause.strip())
            if group["_failures"]:
                break
