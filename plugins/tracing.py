"""Spans around the verbs, for whoever switched telemetry on; nothing at all otherwise.

OpenTelemetry is looked for among the modules that are loaded already and never imported from here: a verb is pure, and
costs no more for being watched by nobody.
"""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

Note = Callable[[str, str | int | float], None]
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_SCOPE = "brickie"


def _nowhere(_: str, __: str | float) -> None:
    """Notes nothing: telemetry is off."""


@contextmanager
def span(name: str, **attributes: str | int) -> Generator[Note]:
    """A span around the block; what it gives notes an attribute. An exception marks it by type, never by its text."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        yield _nowhere
        return
    started = trace.get_tracer(_SCOPE).start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    )
    with started as current:
        try:
            yield current.set_attribute
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(trace.StatusCode.ERROR)
            raise


def traced(name: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """The verb with a span of that name around each call. Arguments and results are not in it."""

    def around(verb: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(verb)
        def called(*given: Arguments.args, **named: Arguments.kwargs) -> Result:
            if "opentelemetry.trace" not in sys.modules:
                return verb(*given, **named)
            with span(f"verb {name}"):
                return verb(*given, **named)

        return called

    return around
