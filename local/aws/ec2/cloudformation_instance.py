"""AWS::EC2::Instance: created when it is running, changed in place where the page says so.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html
"""

import time

from ministack.services import ec2
from ministack.services.cloudformation import provisioners, stacks

from aws.cloudformation.readiness import Readiness, register
from aws.ec2.addresses import public_address, public_name
from aws.ec2.instance_records import launch
from aws.ec2.instance_states import find, start, stop, terminate
from aws.ec2.launch_template import with_template
from aws.runtime.query import ServiceRefusal

TYPE = "AWS::EC2::Instance"
_POLL_SECONDS = 0.05
# "Some interruptions" of an EBS-backed instance: it is stopped, changed and started.
_CHANGED_WHILE_STOPPED = ("InstanceType", "UserData")
_CHANGED_WHILE_RUNNING = ("SecurityGroupIds", "IamInstanceProfile", "Tags", "SourceDestCheck", "Monitoring")


def install() -> None:
    """Register the type; its update and delete wait, so they run off the event loop."""
    provisioners._RESOURCE_HANDLERS[TYPE] = {
        "create": create,
        "update": update,
        "update_with_logical_id": True,
        "delete": delete,
    }
    run_off_the_loop(TYPE)
    register(TYPE, Readiness(busy=_shows_itself, ready=_shows_itself, done=is_ready))


def _shows_itself(*_: str) -> None:
    """An instance's own state says what it is about."""


def run_off_the_loop(resource_type: str) -> None:
    """Have the handlers of a type run on a thread of their own, where they may wait."""
    others = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda asked: asked == resource_type or others(asked)


def create(_logical_id: str, properties: dict, _stack_name: str) -> tuple[str, dict]:
    """Launch the instance; it is ready when it runs."""
    record = launch(with_template(_as_request(properties)))
    return record["InstanceId"], attributes(record)


def update(instance_id: str, old: dict, new: dict, stack_name: str, logical_id: str) -> tuple[str, dict]:
    """Change what can be changed in place; anything else is a new instance (the stack deletes the old one later)."""
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if changed - set(_CHANGED_WHILE_STOPPED) - set(_CHANGED_WHILE_RUNNING):
        return create(logical_id, new, stack_name)
    record = find(instance_id)
    if "Tags" in changed:
        _change_tags(instance_id, old.get("Tags") or [], new.get("Tags") or [])
    if "SecurityGroupIds" in changed:
        groups = [ec2._security_groups[each] for each in new["SecurityGroupIds"]]
        record["SecurityGroups"] = [{"GroupId": each["GroupId"], "GroupName": each["GroupName"]} for each in groups]
    if changed & set(_CHANGED_WHILE_STOPPED):
        stop(record)
        _wait(record, "stopped")
        record.update({name: new[name] for name in _CHANGED_WHILE_STOPPED if name in new})
        start(record)
        _wait(record, "running")
    return instance_id, attributes(record)


def delete(instance_id: str, _properties: dict) -> None:
    """Terminate the instance and wait for its end; one that is gone already is deleted."""
    try:
        record = find(instance_id)
    except ServiceRefusal:
        return
    terminate(record)
    _wait(record, "terminated")


def is_ready(instance_id: str) -> bool:
    """Whether an instance runs; one that has ended fails the resource."""
    return _is(find(instance_id), "running")


def attributes(record: dict) -> dict:
    """What Fn::GetAtt knows."""
    public = public_address(record)
    return {
        "InstanceId": record["InstanceId"],
        "AvailabilityZone": record["Placement"]["AvailabilityZone"],
        "PrivateIp": record["PrivateIpAddress"],
        "PrivateDnsName": record["PrivateDnsName"],
        "PublicIp": public,
        "PublicDnsName": public_name(public),
        "VpcId": record["VpcId"],
    }


def _as_request(properties: dict) -> dict:
    """A template's properties as members of RunInstances, where they are named otherwise."""
    request = dict(properties)
    request["TagSpecifications"] = [{"ResourceType": "instance", "Tags": properties.get("Tags") or []}]
    if properties.get("IamInstanceProfile"):
        request["IamInstanceProfile"] = {"Name": properties["IamInstanceProfile"]}
    request["NetworkInterfaces"] = [
        {**each, "Groups": each.get("GroupSet")} for each in properties.get("NetworkInterfaces") or []
    ]
    request["Monitoring"] = {"Enabled": properties.get("Monitoring")}
    return request


def _change_tags(instance_id: str, old: list[dict], new: list[dict]) -> None:
    dropped = {each["Key"] for each in old}
    tags = {each["Key"]: each["Value"] for each in ec2._tags.get(instance_id, []) if each["Key"] not in dropped}
    tags.update({each["Key"]: each["Value"] for each in new})
    ec2._tags[instance_id] = [{"Key": key, "Value": value} for key, value in tags.items()]


def _wait(record: dict, name: str) -> None:
    while not _is(record, name):
        time.sleep(_POLL_SECONDS)


def _is(record: dict, name: str) -> bool:
    if record["State"]["Name"] == "terminated" != name:
        raise ValueError(f"Instance {record['InstanceId']} did not stabilize: it was terminated")
    return record["State"]["Name"] == name
