"""Spans of what a turn does, for whoever runs Brickie. Off unless the settings say so; then OpenTelemetry, exported by
OTLP to where the standard variables point.

`span` costs nothing while it is off: OpenTelemetry is not even imported. No text of a person, of a prompt or of a
plan goes into a span unless `Telemetry__Sensitive` asks for it.
"""

import logging
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from agent.events import Event, Progress, Result
from agent.settings import Telemetry
from plugins.domain.errors import ConfigurationError

_SCOPE = "brickie"

_TALKATIVE = ("semantic_kernel", "openai", "httpx", "httpx2", "opentelemetry.context", "azure")
"""Loggers that write arguments, prompts, request headers or foreign errors' text at ordinary levels."""

Note = Callable[[str, str | int | float], None]


def _nowhere(_: str, __: str | int | float) -> None:
    """Notes nothing: telemetry is off."""


@contextmanager
def span(name: str, **attributes: str | int) -> Generator[Note]:
    """A span around the block; what it gives notes an attribute. A no-op until `switch_on`."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        yield _nowhere
        return
    tracer = trace.get_tracer(_SCOPE)
    with tracer.start_as_current_span(name, attributes=attributes, record_exception=False) as current:
        yield current.set_attribute


def quiet_foreign_logs() -> None:
    """Keeps what people said, and what could hold a key, out of the log: we log our own kinds of failure instead."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
