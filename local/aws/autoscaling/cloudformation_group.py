"""AWS::AutoScaling::AutoScalingGroup: created when its instances are in service, changed in place.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
A create waits until the desired capacity is in service (through launch hooks) and fails with the first launch that EC2
refuses. An update always sets the sizes, unless AutoScalingScheduledAction.IgnoreUnmodifiedGroupSizeProperties leaves
those alone that the template did not change. A changed launch template replaces no instance. A delete scales to zero,
waits until every instance is gone, then deletes the group.
"""

import time

from ministack.services import autoscaling
from ministack.services import cloudformation as stacks_module
from ministack.services.cloudformation import provisioners
from ministack.services.cloudformation.engine import _parse_template

from aws.autoscaling import activities, group_settings, groups, hooks, targets
from aws.autoscaling.group_members import group_tags, maintenance_policy
from aws.autoscaling.store import hooks_of, lock
from aws.cloudformation.readiness import Readiness, register
from aws.ec2.cloudformation_instance import run_off_the_loop
from aws.runtime.query import ServiceRefusal

TYPE = "AWS::AutoScaling::AutoScalingGroup"
_POLL_SECONDS = 0.1
_TIMEOUT_SECONDS = 360 * 60
# When the create of a group must be over, by the group's name.
_creating_until: dict[str, float] = {}
_SIZES = ("MinSize", "MaxSize", "DesiredCapacity")
# What an update requests of the service under the same name.
_PLAIN = (
    "AvailabilityZones",
    "CapacityRebalance",
    "DefaultInstanceWarmup",
    "HealthCheckGracePeriod",
    "HealthCheckType",
    "MaxInstanceLifetime",
    "NewInstancesProtectedFromScaleIn",
    "TerminationPolicies",
)
_NUMBERS = ("DefaultInstanceWarmup", "HealthCheckGracePeriod", "MaxInstanceLifetime")
_FLAGS = ("CapacityRebalance", "NewInstancesProtectedFromScaleIn")


def install() -> None:
    """Register the type; its delete waits, so it runs off the event loop."""
    provisioners._RESOURCE_HANDLERS[TYPE] = {
        "create": create,
        "update": update,
        "update_with_logical_id": True,
        "delete": delete,
    }
    run_off_the_loop(TYPE)
    register(TYPE, Readiness(busy=_begin, ready=_end, done=is_ready))


def create(logical_id: str, properties: dict, stack_name: str) -> tuple[str, dict]:
    """Create the group; it is ready when its instances are in service."""
    name = properties.get("AutoScalingGroupName") or provisioners._physical_name(stack_name, logical_id, max_len=255)
    sizes = {each: int(properties[each]) for each in _SIZES if properties.get(each) not in (None, "")}
    request = {
        "AutoScalingGroupName": name,
        **_request(properties),
        **sizes,
        "TargetGroupARNs": properties.get("TargetGroupARNs") or [],
        "LifecycleHookSpecificationList": properties.get("LifecycleHookSpecificationList") or [],
        "Tags": properties.get("Tags") or [],
    }
    try:
        groups.create_group(request)
    except ServiceRefusal as refusal:
        raise ValueError(_handler_error(refusal)) from refusal
    group = autoscaling._asgs[name]
    _settings(group, properties)
    return name, _attributes(group)


def update(name: str, old: dict, new: dict, stack_name: str, logical_id: str) -> tuple[str, dict]:
    """Change the group in place; another name is another group (the stack deletes the old one later)."""
    if old.get("AutoScalingGroupName") != new.get("AutoScalingGroupName"):
        return create(logical_id, new, stack_name)
    try:
        with lock:
            groups.update_group(
                {"AutoScalingGroupName": name, **_request(new), **_sizes(old, new, stack_name, logical_id)}
            )
            group = autoscaling._asgs[name]
            _update_hooks(group, old, new)
            targets.set_target_groups(group, _kept(group["TargetGroupARNs"], old, new, "TargetGroupARNs"))
            _update_tags(group, old, new)
            _settings(group, new)
    except ServiceRefusal as refusal:
        raise ValueError(_handler_error(refusal)) from refusal
    return name, _attributes(group)


def delete(name: str, _properties: dict) -> None:
    """Scale to zero, wait until the instances are gone, delete the group."""
    group = autoscaling._asgs.get(name)
    if group is None:
        return
    with lock:
        group.update({"MinSize": 0, "MaxSize": 0, "Status": "Delete in progress"})
        for instance in group["Instances"]:
            instance["ProtectedFromScaleIn"] = False
        groups.change_desired(group, 0, "CloudFormation deletes the group")
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while group["Instances"]:
        if time.monotonic() > deadline:
            raise ValueError(f"Group {name} did not stabilize: {len(group['Instances'])} instances are left")
        time.sleep(_POLL_SECONDS)
    with lock:
        groups.forget_group(name)


def _request(properties: dict) -> dict:
    """A template's properties as members of the API, without sizes."""
    request = {name: properties[name] for name in _PLAIN if name in properties}
    request.update({name: int(request[name]) for name in _NUMBERS if name in request})
    request.update({name: str(request[name]).lower() == "true" for name in _FLAGS if name in request})
    if "Cooldown" in properties:
        request["DefaultCooldown"] = int(properties["Cooldown"])
    zones = properties.get("VPCZoneIdentifier")
    if zones:
        request["VPCZoneIdentifier"] = ",".join(zones) if isinstance(zones, list) else zones
    if properties.get("LaunchTemplate"):
        request["LaunchTemplate"] = properties["LaunchTemplate"]
    request["InstanceMaintenancePolicy"] = properties.get("InstanceMaintenancePolicy") or {}
    return request


def _sizes(old: dict, new: dict, stack_name: str, logical_id: str) -> dict:
    given = {each: int(new[each]) for each in _SIZES if new.get(each) not in (None, "")}
    if not _ignores_unmodified(stack_name, logical_id):
        return given
    return {each: value for each, value in given.items() if str(old.get(each)) != str(new[each])}


def _ignores_unmodified(stack_name: str, logical_id: str) -> bool:
    """Whether the template being applied leaves unmodified sizes alone."""
    stack = stacks_module._stacks.get(stack_name) or {}
    template = _parse_template(stack.get("_template_body") or "{}")
    resource = (template.get("Resources") or {}).get(logical_id) or {}
    policy = (resource.get("UpdatePolicy") or {}).get("AutoScalingScheduledAction") or {}
    return str(policy.get("IgnoreUnmodifiedGroupSizeProperties", False)).lower() == "true"


def _update_hooks(group: dict, old: dict, new: dict) -> None:
    """Hooks of the list are put and, when they left it, deleted; hooks from elsewhere stay."""
    wanted = {each["LifecycleHookName"]: each for each in new.get("LifecycleHookSpecificationList") or []}
    existing = {each["LifecycleHookName"] for each in hooks_of(group)}
    for each in old.get("LifecycleHookSpecificationList") or []:
        if each["LifecycleHookName"] not in wanted and each["LifecycleHookName"] in existing:
            hooks.remove(group, each["LifecycleHookName"])
    for hook in wanted.values():
        hooks.put(group, hook)


def _kept(present: list[str], old: dict, new: dict, name: str) -> list[str]:
    """A list as the template wants it, with what came from elsewhere."""
    foreign = [each for each in present if each not in (old.get(name) or [])]
    return [*(new.get(name) or []), *foreign]


def _update_tags(group: dict, old: dict, new: dict) -> None:
    dropped = {each["Key"] for each in old.get("Tags") or []}
    wanted = group_tags(group["AutoScalingGroupName"], new.get("Tags") or [])
    names = {each["Key"] for each in wanted}
    kept = [each for each in group["Tags"] if each["Key"] not in dropped | names]
    group["Tags"] = [*kept, *wanted]
    autoscaling._tags[group["AutoScalingGroupName"]] = group["Tags"]


def _settings(group: dict, properties: dict) -> None:
    group["InstanceMaintenancePolicy"] = maintenance_policy(properties.get("InstanceMaintenancePolicy") or {})
    group["EnabledMetrics"] = []
    for collection in properties.get("MetricsCollection") or []:
        group_settings.set_metrics(group, collection.get("Metrics"), collection["Granularity"])
    group["_notifications"] = {}
    for configuration in properties.get("NotificationConfigurations") or []:
        topics = configuration["TopicARN"]
        for topic in topics if isinstance(topics, list) else [topics]:
            group_settings.set_notifications(group, topic, configuration.get("NotificationTypes") or [])


def _begin(name: str, operation: str) -> None:
    if operation == "create":
        _creating_until[name] = time.monotonic() + _TIMEOUT_SECONDS


def _end(name: str) -> None:
    _creating_until.pop(name, None)


def is_ready(name: str) -> bool:
    """Whether a group that is being created has its instances in service; an update waits for none.

    Raises ValueError, which fails the resource, when a launch failed or the time is over.
    """
    group, until = autoscaling._asgs.get(name), _creating_until.get(name)
    if group is None or until is None:
        return True
    in_service = [each for each in group["Instances"] if each["LifecycleState"] == "InService"]
    if len(in_service) >= group["DesiredCapacity"]:
        return True
    failed = activities.first_failed(group)
    if failed or time.monotonic() > until:
        sizes = f"{len(in_service)}/{group['MinSize']}/{group['MaxSize']}"
        activity = f" Failed Scaling Activity: {failed['StatusMessage']}" if failed else ""
        raise ValueError(f"Group did not stabilize. {{current/minSize/maxSize}} group size = {{{sizes}}}.{activity}")
    return False


def _attributes(group: dict) -> dict:
    return {"AutoScalingGroupARN": group["AutoScalingGroupARN"], "Arn": group["AutoScalingGroupARN"]}


def _handler_error(refusal: ServiceRefusal) -> str:
    return f'Resource handler returned message: "{refusal.message}" (HandlerErrorCode: InvalidRequest)'
