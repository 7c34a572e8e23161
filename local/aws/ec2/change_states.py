"""TerminateInstances, StopInstances, StartInstances and RebootInstances: all instances of a request, or none.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StartInstances.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RebootInstances.html
"""

from collections.abc import Callable

from aws.ec2 import instance_states


def _changing(member: str, change: Callable[[dict], None]) -> Callable[[dict], dict]:
    def changed(request: dict) -> dict:
        records = [instance_states.find(each) for each in request["InstanceIds"]]
        changes = []
        for record in records:
            previous = record["State"]
            change(record)
            changes.append(
                {"InstanceId": record["InstanceId"], "PreviousState": previous, "CurrentState": record["State"]}
            )
        return {member: changes}

    return changed


terminate_instances = _changing("TerminatingInstances", instance_states.terminate)
stop_instances = _changing("StoppingInstances", instance_states.stop)
start_instances = _changing("StartingInstances", instance_states.start)


def reboot_instances(request: dict) -> dict:
    """RebootInstances has an empty answer."""
    for record in [instance_states.find(each) for each in request["InstanceIds"]]:
        instance_states.reboot(record)
    return {}
