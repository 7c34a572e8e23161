"""iam:PassRole: whoever gives a role to a service needs the right to pass it, to that service.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PassedToService
"""

from collections.abc import Iterator

from aws.iam.parameters import Judged, Parameters

Check = tuple[str, str, dict]


# Service -> (the form's parameters that carry a role, the service that gets it).
IN_FORMS = {
    "autoscaling": (r"RoleARN|LifecycleHookSpecificationList\.member\.\d+\.RoleARN", "autoscaling.amazonaws.com"),
    "cloudformation": (r"RoleARN", "cloudformation.amazonaws.com"),
    "ec2": (r"DeliverLogsPermissionArn", "vpc-flow-logs.amazonaws.com"),
    "rds": (r"MonitoringRoleArn", "monitoring.rds.amazonaws.com"),
}


def of(request: Judged) -> Iterator[Check]:
    """Every role that a request passes, as (action, role ARN, condition keys)."""
    for role_arn, receiver in _passed(request):
        if role_arn:
            yield "iam:PassRole", role_arn, {"iam:PassedToService": receiver}


def _passed(request: Judged) -> Iterator[tuple[str, str]]:
    service, operation, given = request.service, request.operation, request.given
    if service in IN_FORMS and not operation.startswith("Describe"):
        pattern, receiver = IN_FORMS[service]
        yield from ((role, receiver) for role in given.texts(pattern))
    if service == "ec2" and operation in ("RunInstances", "AssociateIamInstanceProfile"):
        yield from ((role, "ec2.amazonaws.com") for role in _of_instance_profile(given))
    elif service == "lambda" and operation in ("CreateFunction", "UpdateFunctionConfiguration"):
        yield given.text("Role"), "lambda.amazonaws.com"
    elif service == "scheduler" and operation in ("CreateSchedule", "UpdateSchedule"):
        yield _member(given.value("Target"), "RoleArn"), "scheduler.amazonaws.com"
    elif service == "events" and operation in ("PutRule", "PutTargets"):
        targets = given.value("Targets") or []
        yield from (
            (_member(each, "RoleArn"), "events.amazonaws.com")
            for each in [*targets, {"RoleArn": given.text("RoleArn")}]
        )
    elif service == "backup" and operation == "CreateBackupSelection":
        yield _member(given.value("BackupSelection"), "IamRoleArn"), "backup.amazonaws.com"


def _member(value: object, name: str) -> str:
    return str(value.get(name) or "") if isinstance(value, dict) else ""


def _of_instance_profile(given: Parameters) -> Iterator[str]:
    from ministack.services import iam

    named = given.text("IamInstanceProfile.Name") or given.text("IamInstanceProfile.Arn").rpartition("/")[2]
    for role in (iam._instance_profiles.get(named) or {}).get("Roles") or ():
        name = role.get("RoleName") if isinstance(role, dict) else role
        found = iam._roles.get(name)
        if found:
            yield found["Arn"]
