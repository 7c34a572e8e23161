"""What CreateChangeSet is asked, and what it refuses before anything is made.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
"""

import copy
from dataclasses import dataclass

from ministack.services.cloudformation import engine, handlers, helpers

UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "CREATE_FAILED",
        "UPDATE_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)


class Refused(Exception):
    """A request that is refused; `answer` is the response."""

    def __init__(self, message: str, code: str = "ValidationError", answer: tuple | None = None):
        super().__init__(message)
        self.answer = answer or helpers._error(code, message)


@dataclass(frozen=True)
class Request:
    """A CreateChangeSet request, as far as it can be read without the stack's own state."""

    params: dict
    stack_name: str
    name: str
    kind: str
    tags: list
    tags_given: bool
    parameters: list


def read_request(params: dict, kind: str) -> Request:
    """The request, as far as it can be read by itself. Raises Refused."""
    stack_name, name = helpers._p(params, "StackName"), helpers._p(params, "ChangeSetName")
    if not stack_name or not name:
        raise Refused(f"{'ChangeSetName' if stack_name else 'StackName'} is required")
    problems = helpers.enum_problems(params, "OnStackFailure", "onStackFailure", helpers.ON_FAILURE_VALUES)
    if problems:
        raise Refused(helpers.validation_error_message(problems))
    if helpers._p(params, "OnStackFailure") == "DELETE" and kind != "CREATE":
        raise Refused("OnStackFailure DELETE is only valid when ChangeSetType is CREATE.")
    tags = helpers._extract_members(params, "Tags")
    refusal = helpers._validate_stack_tags(tags)
    if refusal:
        raise Refused("", answer=refusal)
    parameters = helpers._extract_members(params, "Parameters")
    return Request(params, stack_name, name, kind, tags, "Tags" in params or bool(tags), parameters)


def check_state(request: Request, stack: dict | None) -> None:
    """Whether the stack takes a change set of this type now. Raises Refused."""
    if request.kind == "CREATE":
        if stack is not None and stack["StackStatus"] != "REVIEW_IN_PROGRESS":
            raise Refused(
                f"Stack [{request.stack_name}] already exists and cannot be created again with the "
                f"changeSet [{request.name}].",
                "AlreadyExistsException",
            )
        refusal = helpers._request_problems(request.params, request.stack_name)
        if stack is None and refusal:
            raise Refused("", answer=refusal)
        return
    if stack is None:
        raise Refused(f"Stack [{request.stack_name}] does not exist")
    if stack["StackStatus"] not in UPDATABLE:
        raise Refused(f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated.")


def read_template(request: Request, stack: dict | None) -> tuple[str, dict]:
    """The template as it was sent and as it is after its transforms. Raises Refused."""
    text, refusal = helpers._resolve_template(request.params)
    if refusal:
        raise Refused("", answer=refusal)
    previous = helpers._p(request.params, "UsePreviousTemplate", "false").lower() == "true"
    if not text and stack is not None and previous and request.kind == "UPDATE":
        return stack.get("_template_body", "{}"), copy.deepcopy(stack["_template"])
    if not text:
        raise Refused("Either Template URL or Template Body must be specified.")
    try:
        sent = engine._parse_template(text)
        template = engine._apply_transforms(sent, request.parameters, (stack or {}).get("_resolved_params", {}))
    # Whatever the parser makes of a wrong document is the caller's to know.
    except Exception as error:
        raise Refused(f"Template format error: {error}") from error
    refusal = handlers._check_capabilities(sent, template, request.params, macros=False)
    if refusal:
        raise Refused("", answer=refusal)
    return text, template


def read_parameters(request: Request, template: dict, stack: dict) -> dict:
    """The values of the parameters as they are now: they stay those of the change set. Raises Refused."""
    declared = template.get("Parameters") or {}
    unknown = sorted(given["Key"] for given in request.parameters if given["Key"] not in declared)
    if unknown:
        raise Refused(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    try:
        return engine._resolve_parameters(template, request.parameters, stack.get("_resolved_params", {}))
    except ValueError as error:
        raise Refused(str(error)) from error


def validate(template: dict, parameters: dict, stack: dict) -> None:
    """What makes a template impossible, by itself or for this stack. Raises Refused."""
    if not template.get("Resources"):
        raise Refused("Template format error: At least one Resources member must be defined.")
    try:
        conditions = engine._evaluate_conditions(template, parameters)
        engine.validate_template_support(template, conditions, params=parameters)
        engine._topological_sort(template.get("Resources") or {}, conditions)
    except ValueError as error:
        raise Refused(str(error)) from error
    old = (stack.get("_template") or {}).get("Resources", {})
    retyped = sorted(
        name
        for name, definition in (template.get("Resources") or {}).items()
        if name in old and old[name].get("Type") != definition.get("Type")
    )
    if retyped:
        raise Refused(
            "Update of resource type is not permitted. The new template modifies resource type of the "
            f"following resources: [{', '.join(retyped)}]"
        )
