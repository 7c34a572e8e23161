"""Metrics that AWS's own services publish.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#StatisticSet
"""

import threading

from ministack.services import cloudwatch

# MiniStack drops old data points on the event loop by putting a new list in place: one that is added meanwhile is lost.
_lock = threading.Lock()


def install() -> None:
    """Let data points be added from threads."""
    evict = cloudwatch._evict_old_metrics

    def evict_alone() -> None:
        with _lock:
            evict()

    cloudwatch._evict_old_metrics = evict_alone


def publish(namespace: str, name: str, dimensions: dict[str, str], at: float, samples: list[float], unit: str) -> None:
    """Add one data point, the statistics of at least one sample, at a time in epoch seconds."""
    statistics = {
        "SampleCount": len(samples),
        "Sum": sum(samples),
        "Minimum": min(samples),
        "Maximum": max(samples),
    }
    with _lock:
        cloudwatch._store_datum(namespace, name, dimensions, at, unit, None, None, None, statistics)
