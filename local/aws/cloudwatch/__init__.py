"""Metrics that services publish, and alarms that are evaluated by the clock."""

from aws.cloudwatch import evaluation, publishing
from aws.runtime import background

_ROUND_SECONDS = 1


def install() -> None:
    """Put the evaluation in place of MiniStack's, which knows neither dimensions, periods nor missing data."""
    publishing.install()
    evaluation.install()
    background.every(_ROUND_SECONDS, "cloudwatch", evaluation.evaluate_due)
