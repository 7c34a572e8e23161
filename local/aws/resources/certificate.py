"""AWS::CertificateManager::Certificate: pending until the validation records of its domains are in DNS.

With a hosted zone in DomainValidationOptions CloudFormation puts the record there itself; without one the stack stays
in progress until somebody does. That a zone is delegated cannot be seen here: every public zone counts as reachable.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html
https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
"""

from ministack.services import acm, route53
from ministack.services.cloudformation import provisioners

from aws.cloudformation.readiness import Readiness, register
from aws.resources.handlers import Outcome

TYPE = "AWS::CertificateManager::Certificate"

_theirs = dict(provisioners._RESOURCE_HANDLERS[TYPE])


def _create(logical_id: str, properties: dict, stack_name: str) -> Outcome:
    arn, answered = _theirs["create"](logical_id, properties, stack_name)
    certificate = acm._certificates[arn]
    certificate["Status"] = "PENDING_VALIDATION"
    certificate.pop("IssuedAt", None)
    zones = {
        option["DomainName"]: option["HostedZoneId"]
        for option in properties.get("DomainValidationOptions") or []
        if option.get("HostedZoneId")
    }
    for option in certificate["DomainValidationOptions"]:
        option["ValidationStatus"] = "PENDING_VALIDATION"
        zone = zones.get(option["DomainName"])
        if zone:
            _put_record(zone.removeprefix("/hostedzone/"), option["ResourceRecord"])
    return arn, {**answered, "CertificateArn": arn}


def _put_record(zone: str, record: dict) -> None:
    if zone not in route53._zones:
        raise ValueError(f"No hosted zone found with ID: {zone}")
    entry = {"Name": record["Name"], "Type": record["Type"], "TTL": "300", "ResourceRecords": [record["Value"]]}
    with route53._lock:
        kept = [known for known in route53._records.get(zone, []) if route53._rs_key(known) != route53._rs_key(entry)]
        route53._records[zone] = [*kept, entry]


def _in_dns(record: dict) -> bool:
    return any(
        known["Name"] == record["Name"] and known["Type"] == record["Type"] and record["Value"] in _values(known)
        for zone, records in route53._records.items()
        if not route53._zones[zone].get("private")
        for known in records
    )


def _values(record: dict) -> list[str]:
    return [str(value) for value in record.get("ResourceRecords", [])]


def _validated(arn: str) -> bool:
    certificate = acm._certificates.get(arn)
    if certificate is None:
        raise ValueError(f"Could not find certificate {arn}.")
    for option in certificate["DomainValidationOptions"]:
        if _in_dns(option["ResourceRecord"]):
            option["ValidationStatus"] = "SUCCESS"
    return all(option["ValidationStatus"] == "SUCCESS" for option in certificate["DomainValidationOptions"])


def _issue(arn: str) -> None:
    certificate = acm._certificates.get(arn)
    if certificate is not None and _validated(arn):
        certificate.update(Status="ISSUED", IssuedAt=acm.now_iso())


def _busy(_arn: str, _operation: str) -> None:
    """The record says it from its creation on."""


def install() -> None:
    """Let certificates wait for their validation."""
    provisioners._RESOURCE_HANDLERS[TYPE] = {**_theirs, "create": _create}
    register(TYPE, Readiness(_busy, _issue, _validated))
