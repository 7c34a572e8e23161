"""The resource that an action is judged on, where MiniStack names another one or none.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(one page a service: the column "Resource types" of each action).
"""

from collections.abc import Callable

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region

from aws.iam.parameters import Parameters

ANY = "*"

# Services whose Describe actions know no resource: only a grant on `*` allows them.
DESCRIBE_ON_ANY = ("autoscaling", "ec2", "elasticloadbalancing")


def install() -> None:
    extract = iam_actions.extract_resource_arn

    def resource_arn(service, method, path, headers, body, query_params, region, account_id) -> str:
        action = _operation(service, method, path, headers, body, query_params)
        if service in DESCRIBE_ON_ANY and action.startswith("Describe"):
            return ANY
        find = FINDERS.get(service)
        found = find(action, path, Parameters(body, query_params)) if find else None
        if found is not None:
            return found
        return extract(service, method, path, headers, body, query_params, region, account_id)

    iam_actions.extract_resource_arn = resource_arn


def _operation(service: str, method: str, path: str, headers: dict, body: bytes, form: dict) -> str:
    action = iam_actions.extract_iam_action(service, method, path, headers, body, form)
    return (action or ":").split(":", 1)[1]


def arn(service: str, resource: str) -> str:
    """The ARN of a resource of the caller's account and region."""
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def group_arn(name: str) -> str:
    """The ARN of an Auto Scaling group: its own when it exists."""
    from ministack.services import autoscaling

    group = autoscaling._asgs.get(name)
    return (
        group["AutoScalingGroupARN"] if group else arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name}")
    )


def _of_autoscaling(_action: str, _path: str, given: Parameters) -> str | None:
    from ministack.services import autoscaling

    name = given.text("AutoScalingGroupName")
    if name:
        return group_arn(name)
    tagged = given.texts(r"Tags\.member\.\d+\.ResourceId")
    if tagged:
        return group_arn(tagged[0])
    instance = given.text("InstanceId")
    holders = (
        group["AutoScalingGroupARN"]
        for group in autoscaling._asgs.values()
        if any(each["InstanceId"] == instance for each in group["Instances"])
    )
    return next(holders, None) if instance else None


def _of_cloudformation(_action: str, _path: str, given: Parameters) -> str | None:
    from ministack.services import cloudformation

    stack = cloudformation._stacks.get(given.text("StackName"))
    if stack:
        return stack["StackId"]
    change_set = cloudformation._change_sets.get(given.text("ChangeSetName"))
    return change_set["StackId"] if change_set else None


def _of_scheduler(_action: str, path: str, given: Parameters) -> str | None:
    parts = path.strip("/").split("/")
    if len(parts) != 2 or parts[0] != "schedules":
        return None
    group = given.text("GroupName") or given.text("groupName") or "default"
    return arn("scheduler", f"schedule/{group}/{parts[1]}")


def _of_ssm(action: str, _path: str, given: Parameters) -> str | None:
    names = given.value("Names")
    if action in ("GetParameters", "DeleteParameters") and isinstance(names, list) and names:
        return parameter_arn(names[0])
    if action == "GetParameter" and given.text("Name"):
        return parameter_arn(given.text("Name"))
    if action == "GetParametersByPath":
        return parameter_arn(given.text("Path").rstrip("/"))
    if action == "SendCommand":
        return document_arn(given.text("DocumentName"))
    return None


def parameter_arn(name: str) -> str:
    """A public parameter (`/aws/service/...`) belongs to no account.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
    https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
    """
    if name.startswith("arn:"):
        return name
    account = "" if name.startswith("/aws/service/") else get_account_id()
    return f"arn:aws:ssm:{get_region()}:{account}:parameter/{name.lstrip('/')}"


def document_arn(name: str) -> str:
    """A document of AWS's own (`AWS-...`) belongs to no account."""
    if name.startswith("arn:"):
        return name
    account = "" if name.startswith(("AWS-", "AWSSupport-", "Amazon")) else get_account_id()
    return f"arn:aws:ssm:{get_region()}:{account}:document/{name}"


def _of_efs(action: str, _path: str, given: Parameters) -> str | None:
    file_system = given.text("FileSystemId")
    return arn("elasticfilesystem", f"file-system/{file_system}") if file_system else None


FINDERS: dict[str, Callable[[str, str, Parameters], str | None]] = {
    "autoscaling": _of_autoscaling,
    "cloudformation": _of_cloudformation,
    "elasticfilesystem": _of_efs,
    "scheduler": _of_scheduler,
    "ssm": _of_ssm,
}
