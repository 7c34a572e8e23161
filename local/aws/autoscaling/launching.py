"""From nothing to InService: Pending, Pending:Wait, Pending:Proceed, InService.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
A launch that EC2 refuses is a failed activity; the group tries again after a while that grows:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html
"""

import time

from ministack.services import ec2

from aws.autoscaling import activities, lifecycle_actions, notices, targets
from aws.autoscaling.launch_template import current_version, template_in_use
from aws.autoscaling.terminating import begin_to_terminate
from aws.autoscaling.zones import subnet_for_launch, subnets_of
from aws.ec2.instance_records import launch as launch_instance
from aws.ec2.launch_template import with_template
from aws.runtime.query import ServiceRefusal

_FIRST_RETRY_SECONDS = 5
_LONGEST_RETRY_SECONDS = 300


def launch(group: dict, cause: str) -> None:
    """Launch one instance, pending, in the zone that has the fewest; a refusal becomes a failed activity."""
    living = [each for each in group["Instances"] if not each["LifecycleState"].startswith("Terminating")]
    details: dict[str, str] = {}
    try:
        subnet = subnet_for_launch(subnets_of(group["VPCZoneIdentifier"], group["AvailabilityZones"]), living)
        details = {"Subnet ID": subnet["SubnetId"], "Availability Zone": subnet["AvailabilityZone"]}
        version = current_version(group)
        record = launch_instance(_request(group, version, subnet))
    except ServiceRefusal as refusal:
        _failed(group, cause, details, refusal)
        return
    group["_failures"] = 0
    instance = {
        "InstanceId": record["InstanceId"],
        "InstanceType": record["InstanceType"],
        "AvailabilityZone": record["Placement"]["AvailabilityZone"],
        "LifecycleState": "Pending",
        "HealthStatus": "Healthy",
        "LaunchTemplate": {**template_in_use(group), "Version": version},
        "ProtectedFromScaleIn": group["NewInstancesProtectedFromScaleIn"],
        "_subnet": subnet["SubnetId"],
        "_launched_at": time.monotonic(),
        "_actions": [],
    }
    description = f"Launching a new EC2 instance: {record['InstanceId']}"
    instance["_activity"] = activities.begin(group, description, cause, details, "PreInService")
    group["Instances"].append(instance)


def _request(group: dict, version: str, subnet: dict) -> dict:
    """The RunInstances request of a launch: the template's version, this subnet, the tags that propagate."""
    tags = [
        {"Key": each["Key"], "Value": each["Value"]} for each in group["Tags"] if each.get("PropagateAtLaunch", False)
    ]
    request = with_template({"LaunchTemplate": {**template_in_use(group), "Version": version}})
    for interface in request.get("NetworkInterfaces") or []:
        interface.pop("SubnetId", None)
    return {
        **request,
        "SubnetId": subnet["SubnetId"],
        "TagSpecifications": [
            *(request.get("TagSpecifications") or []),
            {"ResourceType": "instance", "Tags": tags},
        ],
        "_system_tags": [
            *request["_system_tags"],
            {"Key": "aws:autoscaling:groupName", "Value": group["AutoScalingGroupName"]},
        ],
    }


def _failed(group: dict, cause: str, details: dict, refusal: ServiceRefusal) -> None:
    activity = activities.begin(group, "Launching a new EC2 instance", cause, details, "PreInService")
    activities.end(activity, "Failed", f"{refusal.message}. Launching EC2 instance failed.")
    notices.ended(group, "", activity, "Launch", succeeded=False)
    wait = min(_FIRST_RETRY_SECONDS * 2 ** group["_failures"], _LONGEST_RETRY_SECONDS)
    group["_failures"] += 1
    group["_retry_at"] = time.monotonic() + wait


def advance(group: dict, instance: dict) -> None:
    """Move a pending instance on when its time has come."""
    record = ec2._instances.get(instance["InstanceId"])
    if record is None or record["State"]["Name"] not in ("pending", "running"):
        _abandon(group, instance, "Instance became unhealthy while waiting for instance to be in service.")
        return
    match instance["LifecycleState"]:
        case "Pending" if record["State"]["Name"] == "running":
            waits = lifecycle_actions.begin(group, instance, "LAUNCHING")
            instance["LifecycleState"] = "Pending:Wait" if waits else "Pending:Proceed"
            instance["_activity"]["StatusCode"] = "MidLifecycleAction" if waits else "PreInService"
        case "Pending:Wait":
            ended = lifecycle_actions.outcome(instance)
            if ended and ended[0] == "ABANDON":
                _abandon(group, instance, f"Instance failed to complete user's Lifecycle Action: {ended[1]}")
            elif ended:
                instance["LifecycleState"] = "Pending:Proceed"
        case "Pending:Proceed":
            _in_service(group, instance)


def _in_service(group: dict, instance: dict) -> None:
    targets.register_instance(group, instance)
    instance["LifecycleState"] = "InService"
    instance["_in_service_at"] = time.monotonic()
    activity = instance.pop("_activity")
    activities.end(activity, "Successful")
    notices.ended(group, instance["InstanceId"], activity, "Launch", succeeded=True)


def _abandon(group: dict, instance: dict, reason: str) -> None:
    """An abandoned launch is cancelled, and its instance terminated."""
    activity = instance.pop("_activity")
    activities.end(activity, "Cancelled", reason)
    notices.ended(group, instance["InstanceId"], activity, "Launch", succeeded=False)
    begin_to_terminate(group, instance, f"At {activities.now()} the launch was abandoned. {reason}")
