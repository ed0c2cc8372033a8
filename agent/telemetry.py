"""What whoever runs Brickie sees of it: spans of what it does, and the ids of its faults in the log.

Spans are off unless `Telemetry__Enabled`; then OpenTelemetry, exported by
OTLP to where the standard variables (OTEL_EXPORTER_OTLP_ENDPOINT …) point.

A turn holds the brain, the brain its calls of the model, a turn its verbs; deployments have spans of their own, since
they outlive the turn that ordered them. No text of a person, a prompt or a plan is in a span, unless
`Telemetry__Sensitive` lets Semantic Kernel write them.
"""

import logging
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.events import Event, Progress, Result
from agent.settings import TelemetrySettings
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError
from plugins.tracing import Note, span

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

__all__ = ["DeploymentSpans", "Note", "logged_fault", "quiet_foreign_logs", "span", "switch_on"]

_TALKATIVE = ("semantic_kernel", "openai", "httpx", "httpx2", "opentelemetry.context", "azure", "mcp")
"""Loggers that write arguments, prompts, request headers or foreign errors' text at ordinary levels."""


def switch_on(telemetry: TelemetrySettings) -> Callable[[Event], None] | None:
    """Spans from here on, if the settings want them; what it gives listens to events. None when they do not.

    Raises ConfigurationError without the extra that exports.
    """
    if not telemetry.enabled:
        return None
    try:
        from opentelemetry import trace  # a second, only for those who want it
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise error_of(ConfigurationError, "app.no_exporter") from error
    provider = provided(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return DeploymentSpans(provider.get_tracer("brickie")).hear


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
