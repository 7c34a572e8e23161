"""Condition keys that services set for their requests, and MiniStack does not.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html (condition keys),
.../list_amazonec2autoscaling.html, .../list_awsidentityandaccessmanagement.html
"""

from ministack.core import iam_actions

from aws.iam import leading_keys
from aws.iam.parameters import Parameters

# Condition key -> request parameter, by service.
FROM_PARAMETERS = {
    "autoscaling": {
        "autoscaling:MinSize": "MinSize",
        "autoscaling:MaxSize": "MaxSize",
    },
    "cloudformation": {
        "cloudformation:ChangeSetName": "ChangeSetName",
        "cloudformation:RoleArn": "RoleARN",
        "cloudformation:StackPolicyUrl": "StackPolicyURL",
        "cloudformation:TemplateUrl": "TemplateURL",
    },
    "iam": {
        "iam:PermissionsBoundary": "PermissionsBoundary",
        "iam:PolicyARN": "PolicyArn",
        "iam:AWSServiceName": "AWSServiceName",
    },
}

# Condition key -> pattern of the form's parameters whose texts it has.
FROM_LISTS = {
    "cloudformation": {
        "cloudformation:ImportResourceTypes": r"ResourcesToImport\.member\.\d+\.ResourceType",
        "cloudformation:ResourceTypes": r"ResourceTypes\.member\.\d+",
    },
}


def install() -> None:
    known = iam_actions.request_tag_context

    def context(service: str, iam_action: str, body: bytes, params: dict) -> dict:
        return {**known(service, iam_action, body, params), **_of_service(service, iam_action, body, params)}

    iam_actions.request_tag_context = context


def _of_service(service: str, iam_action: str, body: bytes, params: dict) -> dict:
    given = Parameters(body, params)
    texts = {key: given.text(name) for key, name in FROM_PARAMETERS.get(service, {}).items()}
    lists = {key: given.texts(pattern) for key, pattern in FROM_LISTS.get(service, {}).items()}
    found = {key: value for key, value in {**texts, **lists}.items() if value}
    if service == "dynamodb":
        found |= leading_keys.context(iam_action.split(":", 1)[1], body)
    return found
