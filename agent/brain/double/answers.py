"""What a script lets the double answer to one request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Fault = Literal[
    "wrong_key",
    "wrong_deployment",
    "busy",
    "busy_short",
    "quota",
    "server_error",
    "overloaded",
    "html",
    "html_error",
    "no_choices",
    "empty",
    "empty_stream",
    "cut_stream",
    "error_in_stream",
    "prompt_filtered",
    "answer_filtered",
    "refusal",
    "cut_short",
    "bad_json",
    "list_arguments",
    "unknown_function",
    "missing_arguments",
    "extra_arguments",
    "reserved_arguments",
    "single_quotes",
    "no_tools",
    "text_only",
    "hangs",
    "trickles",
    "drops",
    "bad_request",
    "apply_called",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)


@dataclass(frozen=True)
class Call:
    """A function call as it goes over the wire: `arguments` is text, valid JSON or not."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Answer:
    """A text, calls, or a fault in their place. `seconds` is how long the double thinks."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    fault: Fault | None = None
    seconds: float = 0.0


Script = Callable[[Mapping[str, Any]], Answer]
"""From a request's body to what is answered."""
