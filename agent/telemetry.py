"""What whoever runs Brickie sees of it: spans of what it does, its counts, and the ids of its faults in the log.

Spans are off unless `Telemetry__Enabled`; then OpenTelemetry, exported by OTLP to where the standard variables
(OTEL_EXPORTER_OTLP_ENDPOINT …) point, and with them the counts of `agent.metrics`, which `Telemetry__Metrics` shows at
/metrics.

A turn holds the brain, the brain its calls of the model, a turn its verbs; deployments have spans of their own, since
they outlive the turn that ordered them. No text of a person, a prompt or a plan is in a span, unless
`Telemetry__Sensitive` lets Semantic Kernel write them.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from agent.events import Event, Progress, Result
from agent.metrics import exposed
from agent.operation_settings import TelemetrySettings
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError
from plugins.tracing import Note, span

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

__all__ = ["DeploymentSpans", "Note", "Watching", "logged_fault", "quiet_foreign_logs", "span", "switch_on"]

_TALKATIVE = ("semantic_kernel", "openai", "httpx", "httpx2", "opentelemetry.context", "azure", "mcp")
"""Loggers that write arguments, prompts, request headers or foreign errors' text at ordinary levels."""


@dataclass(frozen=True)
class Watching:
    """What telemetry needs of the app: to hear its events, and to be asked for its counts in Prometheus' words."""

    hear: Callable[[Event], None] | None = None
    scrape: Callable[[], str] | None = None


def switch_on(telemetry: TelemetrySettings) -> Watching:
    """Spans and counts from here on, as far as the settings want them.

    Raises ConfigurationError without the extra that exports.
    """
    try:
        hear = _spans_exported() if telemetry.enabled else None
        counts = telemetry.enabled or telemetry.metrics
        scrape = _counted(sends=telemetry.enabled, shows=telemetry.metrics) if counts else None
    except ImportError as error:
        raise error_of(ConfigurationError, "app.no_exporter") from error
    return Watching(hear, scrape if telemetry.metrics else None)


def _spans_exported() -> Callable[[Event], None]:
    from opentelemetry import trace  # a second, only for those who want it
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = provided(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return DeploymentSpans(provider.get_tracer("brickie")).hear


@cache  # OpenTelemetry takes one provider a process
def _counted(*, sends: bool, shows: bool) -> Callable[[], str]:
    from opentelemetry import metrics
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader, PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource

    page = InMemoryMetricReader()
    readers: list[InMemoryMetricReader | PeriodicExportingMetricReader] = [page] if shows else []
    if sends:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter()))
    metrics.set_meter_provider(MeterProvider(readers, resource=Resource.create({"service.name": "brickie"})))
    return lambda: exposed(page.get_metrics_data())


def provided(processor: object) -> "TracerProvider":
    """A provider of spans for the service \u201cbrickie\u201d, unless OTEL_SERVICE_NAME says otherwise."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

    provider = TracerProvider(resource=Resource.create({"service.name": "brickie"}))
    if isinstance(processor, SpanProcessor):
        provider.add_span_processor(processor)
    return provider


class DeploymentSpans:
    """A span for each deployment that runs, with one inside for each of its steps, made from the events alone."""

    def __init__(self, tracer: "Tracer") -> None:
        self._tracer = tracer
        self._running: dict[str, tuple[Span, Span, str]] = {}

    def hear(self, event: Event) -> None:
        match event:
            case Progress(deployment_id=str(name)) if name:
                self._progressed(event)
            case Result():
                self._ended(event)
            case _:
                pass

    def _progressed(self, event: Progress) -> None:
        from opentelemetry.trace import set_span_in_context  # loaded already

        running = self._running.get(event.deployment_id)
        if running is not None and running[2] == event.step:
            return
        if running is None:
            names = {"brickie.conversation": event.conversation, "brickie.deployment": event.deployment_id}
            whole = self._tracer.start_span("deployment", attributes=names)
        else:
            whole = running[0]
            running[1].end()
        step = self._tracer.start_span(f"step {event.step}", context=set_span_in_context(whole))
        self._running[event.deployment_id] = (whole, step, event.step)

    def _ended(self, event: Result) -> None:
        running = self._running.pop(event.deployment_id, None)
        if running is None:
            return
        whole, step, _ = running
        whole.set_attribute("brickie.status", event.status)
        if event.error is not None:
            whole.set_attribute("error.type", event.error.kind)
        step.end()
        whole.end()


def logged_fault(log: logging.Logger, what: str, error: BaseException | None = None) -> str:
    """Logs, with its stack, what we did wrong, and gives the id (8 hexadecimal figures) by which the person who is told
    of it, and whoever reads the log, mean the same. Without `error` it is the one being handled.
    """
    fault = uuid.uuid4().hex[:8]
    log.error("%s, fault %s", what, fault, exc_info=error or True)
    return fault


def quiet_foreign_logs() -> None:
    """Keeps what people said, and what could hold a key, out of the log: we log our own kinds of failure instead."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
