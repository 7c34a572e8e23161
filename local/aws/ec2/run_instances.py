"""RunInstances: every instance of a request, or none.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
A request that repeats a client token gets the instances of the first one:
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
"""

from ministack.core.responses import AccountRegionScopedDict, get_account_id, new_uuid
from ministack.services import ec2

from aws.ec2.describe_instances import described
from aws.ec2.instance_records import launch
from aws.ec2.instance_states import terminate
from aws.ec2.launch_template import with_template
from aws.runtime.query import ServiceRefusal

_launched_by_token = AccountRegionScopedDict()


def run_instances(request: dict) -> dict:
    """Launch between MinCount and MaxCount instances, pending."""
    token = request.get("ClientToken")
    if token and token in _launched_by_token:
        records = [ec2._instances[each] for each in _launched_by_token[token] if each in ec2._instances]
        return _reservation(records)
    if request["MinCount"] > request["MaxCount"] or request["MinCount"] < 1:
        raise ServiceRefusal("InvalidParameterCombination", "MinCount must be at least 1 and must not exceed MaxCount.")
    merged = with_template(request)
    records: list[dict] = []
    try:
        for index in range(request["MaxCount"]):
            records.append(launch(merged, index))
    except ServiceRefusal:
        if len(records) < request["MinCount"]:
            for record in records:
                terminate(record)
            raise
    if token:
        _launched_by_token[token] = [each["InstanceId"] for each in records]
    return _reservation(records)


def _reservation(records: list[dict]) -> dict:
    return {
        "ReservationId": f"r-{new_uuid().replace('-', '')[:17]}",
        "OwnerId": get_account_id(),
        "Groups": [],
        "Instances": [described(each) for each in records],
    }
