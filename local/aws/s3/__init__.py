"""What the local AWS adds to MiniStack's S3."""

from aws.s3 import object_events


def install() -> None:
    """Give events of objects their versions."""
    object_events.install()
