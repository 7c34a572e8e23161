"""AWS::Route53::HostedZone: four name servers, those of the zone's NS record.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-hostedzone.html
"""

from ministack.services import route53

from aws.resources.handlers import amend


def _attributes(zone_id: str, _properties: dict) -> dict:
    zone = route53._zones[zone_id]
    record = next(
        record for record in route53._records[zone_id] if record["Type"] == "NS" and record["Name"] == zone["name"]
    )
    return {"Id": zone_id, "NameServers": [server.rstrip(".") for server in record["ResourceRecords"]]}


def install() -> None:
    """Correct the attributes."""
    amend("AWS::Route53::HostedZone", _attributes)
