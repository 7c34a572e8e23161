"""What an Application Load Balancer publishes of its targets: how many are healthy and how many are not.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
In real time a data point a minute, the statistics of what was sampled in it, for each target group that has registered
targets, with and without requests. The counts by Availability Zone and the metrics of requests are not published.
"""

import time

from ministack.core.responses import get_account_id, get_region
from ministack.services import alb

from aws.cloudwatch.publishing import publish
from aws.elasticloadbalancing.store import load_balancers_of, lock, targets
from aws.elasticloadbalancing.target_state import target_state

_PERIOD_SECONDS = 60
_METRICS = {"healthy": "HealthyHostCount", "unhealthy": "UnHealthyHostCount"}

# Load balancer, target group, metric.
Series = tuple[str, str, str]

# By account and region: the start of the minute that is being sampled, and its samples.
_sampled: dict[tuple[str, str], tuple[int, dict[Series, list[float]]]] = {}


def sample() -> None:
    """Count the targets of the current account and region; publish the minute that has ended."""
    scope = (get_account_id(), get_region())
    minute = int(time.time() // _PERIOD_SECONDS) * _PERIOD_SECONDS
    start, samples = _sampled.get(scope, (minute, {}))
    if start != minute:
        for (balancer, group, metric), counts in samples.items():
            dimensions = {"LoadBalancer": balancer, "TargetGroup": group}
            publish("AWS/ApplicationELB", metric, dimensions, start, counts, "Count")
        start, samples = minute, {}
    _sampled[scope] = (start, samples)
    for group in alb._tgs.values():
        _count(group, samples)


def _count(group: dict, samples: dict[Series, list[float]]) -> None:
    with lock:
        states = [target_state(each, group)["State"] for each in targets(group["TargetGroupArn"])]
    registered = [each for each in states if each != "draining"]
    if not registered:
        return
    for balancer in load_balancers_of(group["TargetGroupArn"]):
        if balancer["Type"] != "application":
            continue
        names = (_full_name(balancer["LoadBalancerArn"], "loadbalancer/"), _full_name(group["TargetGroupArn"], ""))
        for state, metric in _METRICS.items():
            samples.setdefault((*names, metric), []).append(float(registered.count(state)))


def _full_name(arn: str, without: str) -> str:
    """How the dimensions name a resource: `app/<name>/<id>`, `targetgroup/<name>/<id>`."""
    return arn.split(":", 5)[5].removeprefix(without)
