"""DescribeChangeSet and ListChangeSets.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListChangeSets.html
"""

import ministack.services.cloudformation as cloudformation
from ministack.services.cloudformation import handlers, helpers

from aws.cloudformation.changes.lookup import find, in_creation, not_found, refresh
from aws.cloudformation.xml import element

# Values are shown on request only.
VALUES = ("BeforeContext", "AfterContext")
TARGET_VALUES = ("Path", "BeforeValue", "AfterValue", "AttributeChangeType")


def describe_change_set(params: dict) -> tuple:
    """One change set with a page of its changes."""
    name = helpers._p(params, "ChangeSetName")
    change_set = find(name, helpers._p(params, "StackName"))
    if change_set is None:
        return not_found(name)
    refresh(change_set)
    with_values = helpers._p(params, "IncludePropertyValues", "false").lower() == "true"
    changes = [] if in_creation(change_set) else change_set.get("Changes", [])
    page, next_token, refusal = helpers._page(changes, params, "DescribeChangeSet")
    if refusal:
        return refusal
    described = {
        **_summary(change_set),
        "ChangeSetType": change_set["ChangeSetType"],
        "OnStackFailure": change_set.get("OnStackFailure") or None,
        "ImportExistingResources": change_set.get("ImportExistingResources") or None,
        "Parameters": change_set.get("Parameters", []),
        "NotificationARNs": [],
        "RollbackConfiguration": {},
        "Capabilities": change_set.get("Capabilities", []),
        "Tags": [{"Key": tag["Key"], "Value": tag.get("Value", "")} for tag in change_set.get("Tags", [])],
        "Changes": [
            {"Type": "Resource", "ResourceChange": _resource_change(change["ResourceChange"], with_values)}
            for change in page
        ],
    }
    inner = "".join(element(key, value) for key, value in described.items())
    result = f"<DescribeChangeSetResult>{inner}{next_token}</DescribeChangeSetResult>"
    return helpers._xml(200, "DescribeChangeSetResponse", result)


def list_change_sets(params: dict) -> tuple:
    """The change sets of a stack that have not been executed."""
    name = helpers._p(params, "StackName")
    stack = handlers._resolve_stack(name)
    if stack is None or stack["StackStatus"] == "DELETE_COMPLETE":
        return helpers._error("ValidationError", f"Stack [{name}] does not exist")
    listed = [
        refresh(change_set)
        for change_set in cloudformation._change_sets.values()
        if change_set["StackId"] == stack["StackId"] and not change_set["ExecutionStatus"].startswith("EXECUTE_")
    ]
    page, next_token, refusal = helpers._page(listed, params, "ListChangeSets")
    if refusal:
        return refusal
    summaries = element("Summaries", [_summary(change_set) for change_set in page])
    return helpers._xml(
        200, "ListChangeSetsResponse", f"<ListChangeSetsResult>{summaries}{next_token}</ListChangeSetsResult>"
    )


def _summary(change_set: dict) -> dict:
    busy = in_creation(change_set)
    return {
        "ChangeSetId": change_set["ChangeSetId"],
        "ChangeSetName": change_set["ChangeSetName"],
        "StackId": change_set["StackId"],
        "StackName": change_set["StackName"],
        "Status": "CREATE_IN_PROGRESS" if busy else change_set["Status"],
        "StatusReason": None if busy else change_set.get("StatusReason") or None,
        "ExecutionStatus": "UNAVAILABLE" if busy else change_set["ExecutionStatus"],
        "CreationTime": change_set["CreationTime"],
        "Description": change_set.get("Description") or None,
        "IncludeNestedStacks": False,
    }


def _resource_change(change: dict, with_values: bool) -> dict:
    shown = {key: value for key, value in change.items() if with_values or key not in VALUES}
    shown["Scope"] = change.get("Scope", [])
    shown["Details"] = [
        {
            **detail,
            "Target": {
                key: value for key, value in detail["Target"].items() if with_values or key not in TARGET_VALUES
            },
        }
        for detail in change.get("Details", [])
    ]
    return shown


def install() -> None:
    """Answer here."""
    handlers._ACTION_HANDLERS["DescribeChangeSet"] = describe_change_set
    handlers._ACTION_HANDLERS["ListChangeSets"] = list_change_sets
