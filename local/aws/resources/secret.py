"""AWS::SecretsManager::Secret: Ref is the ARN, whose name has a random suffix; an unnamed secret has a random name.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

from ministack.core.responses import new_uuid
from ministack.services import secretsmanager
from ministack.services.cloudformation import drift, provisioners

from aws.resources.handlers import Outcome

TYPE = "AWS::SecretsManager::Secret"

_theirs = dict(provisioners._RESOURCE_HANDLERS[TYPE])
_read_by_name, _compared = drift._DRIFT_READERS[TYPE]


def _name(arn: str) -> str:
    """The name that MiniStack files a secret under."""
    return next((name for name, record in secretsmanager._secrets.items() if record["ARN"] == arn), arn)


def _create(logical_id: str, properties: dict, stack_name: str) -> Outcome:
    name = properties.get("Name") or f"{logical_id}-{new_uuid().replace('-', '')[:12]}"
    _physical_id, answered = _theirs["create"](logical_id, {**properties, "Name": name}, stack_name)
    return answered["Id"], {"Id": answered["Id"]}


def _update(physical_id: str, old: dict, new: dict, stack_name: str, logical_id: str | None = None) -> Outcome:
    # The name goes along, else MiniStack takes a generated one for a rename.
    name = _name(physical_id)
    _theirs["update"](name, {**old, "Name": name}, {**new, "Name": name}, stack_name, logical_id)
    return physical_id, {"Id": physical_id}


def _delete(physical_id: str, properties: dict) -> None:
    _theirs["delete"](_name(physical_id), properties)


def install() -> None:
    """Correct the type and what reads it by its physical id."""
    provisioners._RESOURCE_HANDLERS[TYPE] = {**_theirs, "create": _create, "update": _update, "delete": _delete}
    drift._DRIFT_READERS[TYPE] = (lambda arn, properties: _read_by_name(_name(arn), properties), _compared)
