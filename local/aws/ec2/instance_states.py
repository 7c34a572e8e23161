"""The states of an instance and what moves it from one to the next.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
Each change is an event: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-state-change-events.html
"""

import re
import threading
import time

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2

from aws.ec2.instance_disk import delete_disk
from aws.ec2.instance_process import boot, has_ended, shut_down
from aws.ec2.instance_records import state
from aws.runtime import clock, events
from aws.runtime.query import ServiceRefusal

# A terminated instance stays visible for about an hour.
_VISIBLE_AFTER_TERMINATION_SECONDS = 3600
_INSTANCE_ID = re.compile(r"i-(?:[0-9a-f]{8}|[0-9a-f]{17})")

_lock = threading.RLock()


def find(instance_id: str) -> dict:
    """The record of an instance, or the refusal that EC2 answers with."""
    if not _INSTANCE_ID.fullmatch(instance_id):
        raise ServiceRefusal("InvalidInstanceID.Malformed", f'Invalid id: "{instance_id}"')
    record = ec2._instances.get(instance_id)
    if record is None:
        raise ServiceRefusal("InvalidInstanceID.NotFound", f"The instance ID '{instance_id}' does not exist")
    return record


def terminate(record: dict, reason: str = "User initiated") -> None:
    """Begin to end an instance; ending an ended one changes nothing."""
    with _lock:
        if record["State"]["Name"] not in ("shutting-down", "terminated"):
            record["StateTransitionReason"] = f"{reason} ({time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} GMT)"
            _enter(record, "shutting-down")
            shut_down(record["InstanceId"])


def stop(record: dict) -> None:
    """Begin to stop a running instance; its disk stays."""
    with _lock:
        if record["State"]["Name"] in ("stopping", "stopped"):
            return
        if record["State"]["Name"] != "running":
            raise _not_in_state(record, "stopped")
        _enter(record, "stopping")
        shut_down(record["InstanceId"])


def start(record: dict) -> None:
    """Begin to start a stopped instance, with the same disk, private address and port."""
    with _lock:
        if record["State"]["Name"] in ("pending", "running"):
            return
        if record["State"]["Name"] != "stopped":
            raise _not_in_state(record, "started")
        record["_ready_at"] = time.monotonic() + clock.ready_after("AWS::EC2::Instance")
        record["LaunchTime"] = ec2._now_ts()
        _enter(record, "pending")


def reboot(record: dict) -> None:
    """Restart the program of a running instance; its state stays running."""
    with _lock:
        if record["State"]["Name"] != "running":
            raise _not_in_state(record, "rebooted")
        record["_rebooting"] = True
        shut_down(record["InstanceId"])


def _not_in_state(record: dict, verb: str) -> ServiceRefusal:
    return ServiceRefusal(
        "IncorrectInstanceState",
        f"The instance '{record['InstanceId']}' is not in a state from which it can be {verb}.",
    )


def advance() -> None:
    """Move every instance on that is due: the work of EC2's control plane."""
    for record in ec2._instances.values():
        with _lock:
            _advance(record)


def _advance(record: dict) -> None:
    instance_id, name = record["InstanceId"], record["State"]["Name"]
    if name == "pending" and time.monotonic() >= record["_ready_at"]:
        _boot(record)
        _enter(record, "running")
    elif name == "running" and record.get("_rebooting") and has_ended(instance_id):
        record["_rebooting"] = False
        _boot(record)
    elif name == "stopping" and has_ended(instance_id):
        _enter(record, "stopped")
    elif name == "shutting-down" and has_ended(instance_id):
        _release(record)
        _enter(record, "terminated")
        record["_terminated_at"] = time.time()
    elif name == "terminated" and time.time() - record["_terminated_at"] > _VISIBLE_AFTER_TERMINATION_SECONDS:
        ec2._instances.pop(instance_id, None)
        ec2._tags.pop(instance_id, None)


def _boot(record: dict) -> None:
    facts = {"AMI_ID": record["ImageId"], "AWS_REGION": get_region(), "AWS_DEFAULT_REGION": get_region()}
    boot(record["InstanceId"], record["_port"], facts)


def _release(record: dict) -> None:
    """What ends with an instance: its disk, the volumes that say so, its addresses and its profile."""
    delete_disk(record["InstanceId"])
    for mapping in record["BlockDeviceMappings"]:
        if mapping["Ebs"]["DeleteOnTermination"]:
            ec2._volumes.pop(mapping["Ebs"]["VolumeId"], None)
    for address in ec2._addresses.values():
        if address.get("InstanceId") == record["InstanceId"]:
            address["InstanceId"], address["AssociationId"] = None, None
    association = ec2._find_active_iam_instance_profile_association(record["InstanceId"])
    if association:
        ec2._mark_iam_instance_profile_association_disassociated(association)


def _enter(record: dict, name: str) -> None:
    record["State"] = state(name)
    instance_id = record["InstanceId"]
    arn = f"arn:aws:ec2:{get_region()}:{get_account_id()}:instance/{instance_id}"
    detail = {"instance-id": instance_id, "state": name}
    events.emit("aws.ec2", "EC2 Instance State-change Notification", detail, [arn])
