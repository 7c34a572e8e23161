"""ExecuteChangeSet.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html
"""

import ministack.services.cloudformation as cloudformation
from ministack.services.cloudformation import changesets, handlers, helpers

from aws.cloudformation.changes.lookup import find, in_creation, not_found, refresh

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
PAUSED = (
    "This stack is currently in a non-terminal [{status}] state. To update the stack from this state, please use the "
    "disable-rollback parameter with update-stack API. To rollback to the last known good state, use the "
    "rollback-stack API"
)

_execute_elsewhere = changesets._execute_change_set


def execute_change_set(params: dict) -> tuple:
    """Start what a change set describes. A repeated request with the same ClientRequestToken is answered alike."""
    name, token = helpers._p(params, "ChangeSetName"), helpers._p(params, "ClientRequestToken")
    change_set = find(name, helpers._p(params, "StackName"))
    if change_set is None:
        return not_found(name)
    if token and token == change_set.get("_execution_token"):
        return helpers._xml(200, "ExecuteChangeSetResponse", "<ExecuteChangeSetResult></ExecuteChangeSetResult>")
    refusal = _refusal(refresh(change_set), params)
    if refusal:
        return refusal
    stack = cloudformation._stacks[change_set["StackName"]]
    answer = _execute_elsewhere({**params, "ChangeSetName": [change_set["ChangeSetId"]]})
    if answer[0] >= 400:
        return answer
    change_set["_execution_token"] = token
    stack.update(
        ChangeSetId=change_set["ChangeSetId"],
        RoleARN=change_set.get("_role"),
        DisableRollback=_disables_rollback(params) or change_set.get("OnStackFailure") == "DO_NOTHING",
    )
    return answer


def _disables_rollback(params: dict) -> bool:
    return helpers._p(params, "DisableRollback", "false").lower() == "true"


def _refusal(change_set: dict, params: dict) -> tuple | None:
    shown = change_set["ChangeSetId"]
    if in_creation(change_set):
        return _invalid(f"ChangeSet [{shown}] cannot be executed in its current status of [CREATE_IN_PROGRESS]")
    if change_set["Status"] != "CREATE_COMPLETE":
        return _invalid(f"ChangeSet [{shown}] cannot be executed in its current status of [{change_set['Status']}]")
    if change_set["ExecutionStatus"] != "AVAILABLE":
        status = change_set["ExecutionStatus"]
        return _invalid(f"ChangeSet [{shown}] cannot be executed in its current execution status of [{status}]")
    stack = cloudformation._stacks[change_set["StackName"]]
    status = stack["StackStatus"]
    if status in ("CREATE_FAILED", "UPDATE_FAILED") and not _disables_rollback(params):
        return helpers._error("ValidationError", PAUSED.format(status=status))
    return None


def _invalid(message: str) -> tuple:
    return helpers._error("InvalidChangeSetStatus", message)


def install() -> None:
    """Execute change sets here."""
    handlers._ACTION_HANDLERS["ExecuteChangeSet"] = execute_change_set
