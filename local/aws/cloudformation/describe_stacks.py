"""DescribeStacks with ChangeSetId and RoleARN, and without LastUpdatedTime before an update.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html
"""

import ministack.services.cloudformation as cloudformation
from ministack.services.cloudformation import handlers, helpers

from aws.cloudformation.xml import element


def describe_stacks(params: dict) -> tuple:
    """All stacks that are not deleted, or the one that is named; a deleted one is found by its id only."""
    name = helpers._p(params, "StackName")
    if name:
        stack = handlers._resolve_stack(name)
        gone = stack is None or (stack["StackStatus"] == "DELETE_COMPLETE" and stack["StackId"] != name)
        if gone:
            return helpers._error("ValidationError", f"Stack with id {name} does not exist")
        found = [stack]
    else:
        found = [stack for stack in cloudformation._stacks.values() if stack["StackStatus"] != "DELETE_COMPLETE"]
    page, next_token, refusal = helpers._page(found, params, "DescribeStacks")
    if refusal:
        return refusal
    stacks = element("Stacks", [_stack(stack) for stack in page])
    return helpers._xml(
        200, "DescribeStacksResponse", f"<DescribeStacksResult>{stacks}{next_token}</DescribeStacksResult>"
    )


def _stack(stack: dict) -> dict:
    drift = stack.get("DriftInformation") or {}
    return {
        "StackId": stack["StackId"],
        "StackName": stack["StackName"],
        "ChangeSetId": stack.get("ChangeSetId"),
        "Description": stack.get("Description") or None,
        "Parameters": [_parameter(parameter) for parameter in stack.get("Parameters", [])],
        "CreationTime": stack.get("CreationTime"),
        "DeletionTime": stack.get("DeletionTime"),
        "LastUpdatedTime": stack.get("LastUpdatedTime") if _was_updated(stack) else None,
        "RollbackConfiguration": {},
        "StackStatus": stack["StackStatus"],
        "StackStatusReason": stack.get("StackStatusReason") or None,
        "DisableRollback": bool(stack.get("DisableRollback")),
        "NotificationARNs": [],
        "Capabilities": stack.get("Capabilities", []),
        "Outputs": [_output(output) for output in stack.get("Outputs", [])],
        "RoleARN": stack.get("RoleARN"),
        "Tags": [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in stack.get("Tags", [])],
        "EnableTerminationProtection": bool(stack.get("EnableTerminationProtection")),
        "DeletionMode": stack.get("DeletionMode"),
        "DriftInformation": {
            "StackDriftStatus": drift.get("StackDriftStatus", "NOT_CHECKED"),
            "LastCheckTimestamp": drift.get("LastCheckTimestamp"),
        },
    }


def _was_updated(stack: dict) -> bool:
    """A stack that CreateStack made has no LastUpdatedTime until its first update; an executed change set is one."""
    return stack["StackStatus"] != "REVIEW_IN_PROGRESS" and (
        stack.get("ChangeSetId") is not None or not stack["StackStatus"].startswith("CREATE")
    )


def _parameter(parameter: dict) -> dict:
    value = "****" if parameter.get("NoEcho") else parameter.get("ParameterValue", "")
    return {"ParameterKey": parameter["ParameterKey"], "ParameterValue": value}


def _output(output: dict) -> dict:
    return {
        "OutputKey": output["OutputKey"],
        "OutputValue": output["OutputValue"],
        "Description": output.get("Description") or None,
        "ExportName": output.get("ExportName"),
    }


def install() -> None:
    """Answer DescribeStacks here."""
    handlers._ACTION_HANDLERS["DescribeStacks"] = describe_stacks
