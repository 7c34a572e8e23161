"""What a request needs besides its own action on its first resource: the passing of roles, and every other resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from contextvars import ContextVar

import ministack.app as gateway
from ministack.core import iam_actions, iam_evaluator
from ministack.core.iam_evaluator import EvalResult

from aws.iam import all_resources, passed_roles
from aws.iam.parameters import Judged, Parameters

_current: ContextVar[Judged | None] = ContextVar("judged_request", default=None)


class FurtherDenial(Exception):
    """A check besides the request's own action was denied."""

    def __init__(self, service: str, action: str, resource_arn: str, denied: EvalResult):
        super().__init__(f"{denied.principal_arn} may not {action} on {resource_arn}")
        self.service, self.action, self.resource_arn, self.denied = service, action, resource_arn, denied


def install() -> None:
    _remember_requests()
    _answer_denials()
    enforce = iam_evaluator.enforce

    def enforce_all(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        denied = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        judged = _current.get()
        if denied or judged is None or judged.asked:
            return denied
        judged.asked = True
        needed = [
            *((action, arn, {**(service_context or {}), **keys}) for action, arn, keys in all_resources.of(judged)),
            *passed_roles.of(judged),
        ]
        for action, arn, keys in needed:
            refused = enforce(access_key_id, action, service, region, arn, keys)
            if isinstance(refused, EvalResult):
                raise FurtherDenial(service, action, arn, refused)
        return None

    iam_evaluator.enforce = enforce_all


def _remember_requests() -> None:
    context = iam_actions.request_tag_context

    def remembering(service: str, iam_action: str, body: bytes, params: dict) -> dict:
        _current.set(Judged(service, iam_action.split(":", 1)[1], Parameters(body, params)))
        return context(service, iam_action, body, params)

    iam_actions.request_tag_context = remembering


def _answer_denials() -> None:
    dispatch = gateway._dispatch_service_request

    async def dispatching(method, path, headers, body, query_params, request_id):
        token = _current.set(None)
        try:
            return await dispatch(method, path, headers, body, query_params, request_id)
        except FurtherDenial as denial:
            return iam_actions.access_denied_response(
                denial.service,
                denial.action,
                denial.denied.principal_arn,
                request_id,
                headers=headers,
                resource_arn=denial.resource_arn,
                explicit_deny=denial.denied.decision == "Deny",
                resource_policy_arn=denial.denied.resource_policy_arn,
            )
        finally:
            _current.reset(token)

    gateway._dispatch_service_request = dispatching
