"""aws:SecureTransport: requests to AWS come by TLS, and loopback stands for it here.

Without this every policy that wants TLS (CDK's own bucket has one) would deny everyone.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
"""

import ministack.app as gateway


def install() -> None:
    pin = gateway.pin_request_origin

    def pin_as_secure(source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, secure_transport or source_ip.startswith("127."))

    gateway.pin_request_origin = pin_as_secure
