"""Scaling policies; a target tracking policy brings its two alarms.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
The same policy put again keeps its ARN, and its alarms when the configuration is the same.
"""

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import autoscaling

from aws.autoscaling.groups import change_desired
from aws.autoscaling.store import find_group, lock, refused
from aws.ec2.paging import page

_TYPES = ("SimpleScaling", "StepScaling", "TargetTrackingScaling", "PredictiveScaling")
_PAGE = 50
_MOST = 50


def put_scaling_policy(request: dict) -> dict:
    """PutScalingPolicy."""
    kind = request.get("PolicyType", "SimpleScaling")
    if kind not in _TYPES:
        raise refused(f"Unsupported PolicyType: {kind}. Valid types are {', '.join(_TYPES)}.")
    if kind == "TargetTrackingScaling":
        _check_tracking(request.get("TargetTrackingConfiguration") or {})
    with lock:
        group = find_group(request["AutoScalingGroupName"])
        key = f"{group['AutoScalingGroupName']}/{request['PolicyName']}"
        before = autoscaling._policies.get(key)
        if before is None and len(_of_group(group["AutoScalingGroupName"])) >= _MOST:
            raise refused(f"A group has at most {_MOST} scaling policies")
        arn = before["PolicyARN"] if before else _arn(group, request["PolicyName"])
        record = autoscaling._policy_record(group["AutoScalingGroupName"], request["PolicyName"], arn, request)
        if before and _without_alarms(before) == _without_alarms(record):
            record["Alarms"] = before.get("Alarms", [])
        else:
            autoscaling._delete_policy_alarms(before)
            autoscaling._put_tracking_alarms(record)
        autoscaling._policies[key] = record
    return {"PolicyARN": arn, "Alarms": record.get("Alarms", [])}


def _check_tracking(configuration: dict) -> None:
    if "TargetValue" not in configuration:
        raise refused("TargetTrackingConfiguration with a TargetValue is required for TargetTrackingScaling policies")
    specified = [
        each for each in ("PredefinedMetricSpecification", "CustomizedMetricSpecification") if each in configuration
    ]
    if len(specified) != 1:
        raise refused(
            "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified"
        )


def _arn(group: dict, policy_name: str) -> str:
    return (
        f"arn:aws:autoscaling:{get_region()}:{get_account_id()}:scalingPolicy:{new_uuid()}"
        f":autoScalingGroupName/{group['AutoScalingGroupName']}:policyName/{policy_name}"
    )


def _without_alarms(record: dict) -> dict:
    return {key: value for key, value in record.items() if key != "Alarms"}


def _of_group(name: str) -> list[dict]:
    return [each for each in autoscaling._policies.values() if each["AutoScalingGroupName"] == name]


def describe_policies(request: dict) -> dict:
    """DescribePolicies, by group, names (or ARNs) and types."""
    name, names, types = request.get("AutoScalingGroupName"), request.get("PolicyNames"), request.get("PolicyTypes")
    policies = _of_group(name) if name else autoscaling._policies.values()
    policies = [
        {"Alarms": [], "StepAdjustments": [], "Enabled": True, **each}
        for each in policies
        if (not names or each["PolicyName"] in names or each["PolicyARN"] in names)
        and (not types or each["PolicyType"] in types)
    ]
    shown, token = page(policies, request.get("MaxRecords", _PAGE), request.get("NextToken"))
    return {"ScalingPolicies": shown, "NextToken": token}


def delete_policy(request: dict) -> dict:
    """DeletePolicy: with its alarms."""
    with lock:
        record = _find(request)
        autoscaling._delete_policy_alarms(record)
        autoscaling._policies.pop(f"{record['AutoScalingGroupName']}/{record['PolicyName']}", None)
    return {}


def execute_policy(request: dict) -> dict:
    """ExecutePolicy, of simple and step scaling policies."""
    with lock:
        record = _find(request)
        group = find_group(record["AutoScalingGroupName"])
        if record["PolicyType"] == "SimpleScaling":
            amount = record["ScalingAdjustment"]
        elif record["PolicyType"] == "StepScaling":
            amount = _step(record, request)
        else:
            raise refused(f"Policies of type {record['PolicyType']} cannot be executed.")
        desired = _adjusted(group["DesiredCapacity"], amount, record)
        desired = min(max(desired, group["MinSize"]), group["MaxSize"])
        change_desired(group, desired, f"a user request executed policy {record['PolicyName']}")
    return {}


def _find(request: dict) -> dict:
    name, group_name = request["PolicyName"], request.get("AutoScalingGroupName")
    for record in autoscaling._policies.values():
        by_name = name == record["PolicyName"] and group_name == record["AutoScalingGroupName"]
        if by_name or name == record["PolicyARN"]:
            return record
    raise refused(f"No scaling policy found with name or ARN {name}")


def _step(record: dict, request: dict) -> int:
    if "MetricValue" not in request or "BreachThreshold" not in request:
        raise refused("MetricValue and BreachThreshold are required for step scaling policies")
    difference = request["MetricValue"] - request["BreachThreshold"]
    for step in record.get("StepAdjustments", []):
        low = step.get("MetricIntervalLowerBound", float("-inf"))
        if low <= difference < step.get("MetricIntervalUpperBound", float("inf")):
            return step["ScalingAdjustment"]
    raise refused("No step adjustment found for the metric value and breach threshold")


def _adjusted(capacity: int, amount: int, record: dict) -> int:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html#as-scaling-adjustment"""
    match record["AdjustmentType"]:
        case "ExactCapacity":
            return amount
        case "PercentChangeInCapacity":
            change = capacity * amount / 100
            # Above one it is rounded towards zero, between zero and one it is one.
            whole = int(change) if abs(change) >= 1 else (change > 0) - (change < 0)
            least = int(record.get("MinAdjustmentMagnitude", 0))
            return capacity + (whole if abs(whole) >= least else (least if amount > 0 else -least))
        case _:
            return capacity + amount
