"""AWS::Backup::BackupSelection: Ref is `<selection id>_<plan id>`, every change replaces it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-backup-backupselection.html
"""

import json

from ministack.services import backup

from aws.resources.handlers import Outcome, register
from aws.runtime.query import ServiceRefusal


def _create(_logical_id: str, properties: dict, _stack_name: str) -> Outcome:
    plan = properties["BackupPlanId"]
    status, _headers, body = backup._create_selection(plan, {"BackupSelection": properties["BackupSelection"]})
    answer = json.loads(body)
    if status >= 400:
        raise ServiceRefusal(
            answer.get("__type", answer.get("Code", "BackupError")), answer.get("message", str(answer))
        )
    selection = answer["SelectionId"]
    physical_id = f"{selection}_{plan}"
    return physical_id, {"Id": physical_id, "SelectionId": selection, "BackupPlanId": plan}


def _delete(physical_id: str, _properties: dict) -> None:
    backup._selections.pop(physical_id.split("_")[0], None)


def install() -> None:
    """Teach CloudFormation the type."""
    register("AWS::Backup::BackupSelection", _create, _delete)
