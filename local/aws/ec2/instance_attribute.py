"""DescribeInstanceAttribute: one attribute of an instance, among them its user data, which nothing else shows.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
"""

from aws.ec2.instance_states import find
from aws.runtime.query import ServiceRefusal


def describe_instance_attribute(request: dict) -> dict:
    """The attribute that the request names, and no other."""
    record = find(request["InstanceId"])
    shown = {
        "blockDeviceMapping": {"BlockDeviceMappings": record["BlockDeviceMappings"]},
        "disableApiTermination": {"DisableApiTermination": {"Value": False}},
        "ebsOptimized": {"EbsOptimized": {"Value": False}},
        "enaSupport": {"EnaSupport": {"Value": True}},
        "groupSet": {"Groups": record["SecurityGroups"]},
        "instanceInitiatedShutdownBehavior": {"InstanceInitiatedShutdownBehavior": {"Value": "stop"}},
        "instanceType": {"InstanceType": {"Value": record["InstanceType"]}},
        "rootDeviceName": {"RootDeviceName": {"Value": record["RootDeviceName"]}},
        "sourceDestCheck": {"SourceDestCheck": {"Value": record["SourceDestCheck"]}},
        "userData": {"UserData": {"Value": record["UserData"] or None}},
    }
    attribute = request["Attribute"]
    if attribute not in shown:
        raise ServiceRefusal("InvalidParameterValue", f"Value ({attribute}) for parameter attribute is invalid.")
    return {"InstanceId": record["InstanceId"], **shown[attribute]}
