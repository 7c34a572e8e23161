"""From InService to gone: Terminating (draining), Terminating:Wait, Terminating:Proceed, Terminated.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
The load balancer drains an instance first, then its terminate hooks run. ABANDON on them only skips the hooks that are
left: https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
"""

from ministack.services import ec2

from aws.autoscaling import activities, lifecycle_actions, notices, targets
from aws.ec2.instance_states import terminate


def begin_to_terminate(group: dict, instance: dict, cause: str) -> dict:
    """Take an instance out of service: its activity. Beginning twice gives the same activity."""
    if instance["LifecycleState"].startswith("Terminating"):
        return instance["_activity"]
    if "_activity" in instance:
        activities.end(instance["_activity"], "Cancelled", "The instance was terminated before it was in service.")
    details = {"Subnet ID": instance["_subnet"], "Availability Zone": instance["AvailabilityZone"]}
    description = f"Terminating EC2 instance: {instance['InstanceId']}"
    instance["_activity"] = activities.begin(group, description, cause, details, "InProgress")
    instance["LifecycleState"] = "Terminating"
    instance["_actions"] = []
    targets.deregister_instance(group, instance)
    return instance["_activity"]


def advance(group: dict, instance: dict) -> None:
    """Move a terminating instance on when its time has come."""
    match instance["LifecycleState"]:
        case "Terminating" if targets.is_drained(group, instance):
            waits = lifecycle_actions.begin(group, instance, "TERMINATING")
            instance["LifecycleState"] = "Terminating:Wait" if waits else "Terminating:Proceed"
            instance["_activity"]["StatusCode"] = "MidTerminatingLifecycleAction" if waits else "InProgress"
        case "Terminating:Wait" if lifecycle_actions.outcome(instance):
            instance["LifecycleState"] = "Terminating:Proceed"
            instance["_activity"]["StatusCode"] = "InProgress"
        case "Terminating:Proceed":
            _proceed(group, instance)


def _proceed(group: dict, instance: dict) -> None:
    record = ec2._instances.get(instance["InstanceId"])
    if record is not None and record["State"]["Name"] != "terminated":
        terminate(record, "Service initiated")
        return
    instance["LifecycleState"] = "Terminated"
    group["Instances"].remove(instance)
    activity = instance["_activity"]
    activities.end(activity, "Successful")
    notices.ended(group, instance["InstanceId"], activity, "Terminate", succeeded=True)


def terminate_at_once(group: dict, instance: dict) -> None:
    """End an instance without draining and without hooks, as a forced deletion of its group does."""
    targets.deregister_instance(group, instance)
    record = ec2._instances.get(instance["InstanceId"])
    if record is not None:
        terminate(record, "Service initiated")
