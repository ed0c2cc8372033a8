"""Counts and levels of what Brickie does, for whoever watches it: OpenTelemetry's, told by OTLP and to Prometheus.

Off unless `Telemetry__Enabled` (OTLP) or `Telemetry__Metrics` (the page /metrics); then the names below, each with few
and fixed attributes: kinds, acts and statuses, never a name, a text or an id. A process counts what it did itself.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from agent.wording import phrase

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import MetricsData

COUNTERS = (
    "brickie.turns",
    "brickie.words.unread",
    "brickie.plans",
    "brickie.applies",
    "brickie.failures",
    "brickie.approvals",
    "brickie.model.calls",
    "brickie.model.tokens",
    "brickie.model.money",
)
LEVELS = (
    "brickie.approvals.waiting",
    "brickie.runs.waiting",
    "brickie.runs.running",
    "brickie.queue.age.seconds",
)
"""What each is, `templates/replies/metrics.toml` says."""
_SDK = "opentelemetry.sdk.metrics"


def count(name: str, amount: float = 1, **attributes: str) -> None:
    """Adds to a counter of `COUNTERS`; nothing when nobody watches."""
    if _SDK in sys.modules:
        _counter(name).add(amount, attributes)


def level(name: str, value: float, **attributes: str) -> None:
    """Sets a level of `LEVELS`; nothing when nobody watches."""
    if _SDK in sys.modules:
        _gauge(name).set(value, attributes)


@cache
def _counter(name: str) -> Any:
    from opentelemetry.metrics import get_meter  # loaded already

    return get_meter("brickie").create_counter(name, description=described(name))


@cache
def _gauge(name: str) -> Any:
    from opentelemetry.metrics import get_meter  # loaded already

    return get_meter("brickie").create_gauge(name, description=described(name))


def exposed(data: "MetricsData | None") -> str:
    """These as Prometheus reads them (text format 0.0.4: prometheus.io/docs/instrumenting/exposition_formats, read
    2026-11-30). What has not happened yet stands there as 0, without its attributes.
    """
    seen: dict[str, list[str]] = {}
    for name, attributes, value in _points(data):
        seen.setdefault(name, []).append(f"{_sample(name, attributes)} {value:g}")
    lines: list[str] = []
    for name in (*COUNTERS, *LEVELS):
        exported = exported_name(name)
        kind = "counter" if name in COUNTERS else "gauge"
        lines += [f"# HELP {exported} {described(name)}", f"# TYPE {exported} {kind}"]
        lines += sorted(seen.get(name, [f"{exported} 0"]))
    return "\n".join(lines) + "\n"


def described(name: str) -> str:
    return phrase(f"metrics.{name.removeprefix('brickie.').replace('.', '_')}")


def exported_name(name: str) -> str:
    """An instrument's name as Prometheus knows it."""
    return name.replace(".", "_") + ("_total" if name in COUNTERS else "")


def _points(data: "MetricsData | None") -> Iterator[tuple[str, Mapping[str, Any], float]]:
    for resource in data.resource_metrics if data is not None else ():
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                if metric.name in COUNTERS or metric.name in LEVELS:
                    for point in metric.data.data_points:
                        yield metric.name, point.attributes or {}, getattr(point, "value", 0)


def _sample(name: str, attributes: Mapping[str, Any]) -> str:
    if not attributes:
        return exported_name(name)
    labels = ",".join(f'{key}="{_escaped(str(value))}"' for key, value in sorted(attributes.items()))
    return f"{exported_name(name)}{{{labels}}}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
