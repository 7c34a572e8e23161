"""AWS::Route53::HostedZone: its tags, and four name servers, those of the zone's NS record.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-hostedzone.html
"""

from ministack.services import route53

from aws.resources.handlers import amend


def _completed(zone_id: str, properties: dict) -> dict:
    tags = {tag["Key"]: tag.get("Value", "") for tag in properties.get("HostedZoneTags") or []}
    route53._tags["hostedzone", zone_id] = tags
    zone = route53._zones[zone_id]
    record = next(
        record for record in route53._records[zone_id] if record["Type"] == "NS" and record["Name"] == zone["name"]
    )
    return {"Id": zone_id, "NameServers": [server.rstrip(".") for server in record["ResourceRecords"]]}


def install() -> None:
    """Correct the attributes and keep the tags."""
    amend("AWS::Route53::HostedZone", _completed)
