"""CreateChangeSet of types CREATE and UPDATE.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
Imports are MiniStack's own.
"""

import time

import ministack.services.cloudformation as cloudformation
from ministack.core.responses import get_account_id, get_region, new_uuid, now_iso
from ministack.services.cloudformation import changesets, engine, handlers, helpers, stacks

from aws.cloudformation.changes import values
from aws.cloudformation.changes.lookup import find, stack_revision
from aws.cloudformation.changes.request import (
    Refused,
    Request,
    check_state,
    read_parameters,
    read_request,
    read_template,
    validate,
)
from aws.cloudformation.changes.resolution import resolved_template
from aws.cloudformation.xml import element
from aws.runtime.clock import ready_after

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."

_create_elsewhere = changesets._create_change_set


def create_change_set(params: dict) -> tuple:
    """Make a change set, or answer why not."""
    kind = helpers._p(params, "ChangeSetType", "UPDATE")
    if kind == "IMPORT" or helpers._p(params, "ImportExistingResources", "false").lower() == "true":
        return _create_elsewhere(params)
    try:
        return _create(read_request(params, kind))
    except Refused as refused:
        return refused.answer


def _create(request: Request) -> tuple:
    stack = handlers._resolve_stack(request.stack_name)
    if stack is not None and stack["StackStatus"] == "DELETE_COMPLETE":
        stack = None
    earlier = find(request.name, stack["StackName"]) if stack else None
    if earlier is not None:
        token = helpers._p(request.params, "ClientToken")
        if token and token == earlier.get("_client_token"):
            return _answer(earlier["ChangeSetId"], earlier["StackId"])
        raise Refused(
            f"ChangeSet {request.name} cannot be created due to a mismatch with existing attribute"
            if token
            else f"ChangeSet {request.name} already exists",
            "AlreadyExistsException",
        )
    check_state(request, stack)
    text, template = read_template(request, stack)
    # A new stack exists only once everything of the request has been accepted.
    known = stack or _new_stack(request)
    parameters = read_parameters(request, template, known)
    validate(template, parameters, known)
    if stack is None:
        _register(known)
    change_set = _change_set(request, known, text, template, parameters)
    cloudformation._change_sets[change_set["ChangeSetId"]] = change_set
    return _answer(change_set["ChangeSetId"], known["StackId"])


def _answer(change_set_id: str, stack_id: str) -> tuple:
    result = element("CreateChangeSetResult", {"Id": change_set_id, "StackId": stack_id})
    return helpers._xml(200, "CreateChangeSetResponse", result)


def _new_stack(request: Request) -> dict:
    region, account = get_region(), get_account_id()
    return {
        "StackName": request.stack_name,
        "StackId": f"arn:aws:cloudformation:{region}:{account}:stack/{request.stack_name}/{new_uuid()}",
        "StackStatus": "REVIEW_IN_PROGRESS",
        "StackStatusReason": "User Initiated",
        "CreationTime": now_iso(),
        "Description": "",
        "Parameters": [],
        "Tags": request.tags,
        "Outputs": [],
        "DisableRollback": False,
        "_region": region,
        "_resources": {},
        "_template": {},
        "_template_body": "",
        "_resolved_params": {},
        "_conditions": {},
    }


def _register(stack: dict) -> None:
    name, stack_id = stack["StackName"], stack["StackId"]
    cloudformation._stacks[name] = stack
    cloudformation._stack_events[stack_id] = []
    kind = "AWS::CloudFormation::Stack"
    stacks._add_event(stack_id, name, name, kind, "REVIEW_IN_PROGRESS", "User Initiated", stack_id)


def _change_set(request: Request, stack: dict, text: str, template: dict, parameters: dict) -> dict:
    params, name, stack_id = request.params, stack["StackName"], stack["StackId"]
    changes, outputs_differ = _changes(request, stack, template, parameters)
    available = bool(changes) or outputs_differ
    return {
        "ChangeSetId": f"arn:aws:cloudformation:{stacks._stack_region(stack, stack_id)}:{get_account_id()}:"
        f"changeSet/{request.name}/{new_uuid()}",
        "ChangeSetName": request.name,
        "StackId": stack_id,
        "StackName": name,
        "Status": "CREATE_COMPLETE" if available else "FAILED",
        "ExecutionStatus": "AVAILABLE" if available else "UNAVAILABLE",
        "StatusReason": "" if available else NO_CHANGES,
        "CreationTime": now_iso(),
        "Description": helpers._p(params, "Description"),
        "ChangeSetType": request.kind,
        "Changes": changes,
        "Parameters": [_shown_parameter(key, value) for key, value in parameters.items()],
        "Tags": request.tags if request.tags_given else stack.get("Tags", []),
        "Capabilities": helpers._extract_string_members(params, "Capabilities"),
        "OnStackFailure": helpers._p(params, "OnStackFailure"),
        "_role": helpers._p(params, "RoleARN") or stack.get("RoleARN"),
        "_client_token": helpers._p(params, "ClientToken"),
        "_revision": stack_revision(stack),
        # Creation is asynchronous: until then DescribeChangeSet shows it in progress.
        "_created_at": time.monotonic() + ready_after("AWS::CloudFormation::Stack"),
        "_tags_given": request.tags_given,
        "_template": template,
        "_template_body": text,
        "_resolved_params": parameters,
        "_resources_to_import": [],
        "_import_existing": {},
        "ImportExistingResources": False,
        "_disable_validation": False,
    }


def _shown_parameter(key: str, value: dict) -> dict:
    if value.get("NoEcho"):
        return {"ParameterKey": key, "ParameterValue": values.MASKED}
    if "SsmName" in value:
        return {"ParameterKey": key, "ParameterValue": value["SsmName"], "ResolvedValue": value["Value"]}
    return {"ParameterKey": key, "ParameterValue": value["Value"]}


def _changes(request: Request, stack: dict, template: dict, parameters: dict) -> tuple[list, bool]:
    name, stack_id = stack["StackName"], stack["StackId"]
    old_template, old_parameters = stack.get("_template") or {}, stack.get("_resolved_params") or {}
    records = {key: record for key, record in stack.get("_resources", {}).items() if record["PhysicalResourceId"]}
    with stacks._stack_region_context(stack, stack_id):
        old = resolved_template(old_template, old_parameters, name, stack_id)
        new = resolved_template(template, parameters, name, stack_id)
        changed = {
            key for key, value in parameters.items() if old_parameters.get(key, {}).get("Value") != value["Value"]
        }
        retagged = stacks._stack_tags_changed(stack, request.tags, request.tags_given)
        changes = stacks._diff_resources(old, new, records, template, changed, records if retagged else ())
        before = values.Side(old_template, old_parameters, values.existing(records), name, stack_id)
        after = values.Side(template, parameters, values.foreseen(records, template, changes), name, stack_id)
        values.add_values(changes, before, after)
        outputs_differ = _outputs(old_template, old_parameters, stack) != _outputs(template, parameters, stack)
    return changes, outputs_differ


def _outputs(template: dict, parameters: dict, stack: dict) -> dict:
    """The outputs as a change set compares them: a change of outputs alone is a change, without resources."""
    conditions = engine._evaluate_conditions(template, parameters) if template else {}
    active = {
        name: definition
        for name, definition in (template.get("Outputs") or {}).items()
        if conditions.get(definition.get("Condition"), True)
    }
    resolved = resolved_template(
        {**template, "Resources": {"Outputs": {"Properties": active}}}, parameters, stack["StackName"], stack["StackId"]
    )
    return resolved.get("Resources", {}).get("Outputs", {}).get("Properties", {})


def install() -> None:
    """Make change sets here."""
    handlers._ACTION_HANDLERS["CreateChangeSet"] = create_change_set
