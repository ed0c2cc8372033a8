"""Why a model did not answer, in a word. Foreign errors are told apart here by type and status; their text is never
kept, since it may hold a key, a prompt or somebody's words.
"""

from http import HTTPStatus
from typing import Literal

FailureKind = Literal[
    "unreachable",
    "timeout",
    "key",
    "deployment",
    "busy",
    "quota",
    "server",
    "no_tools",
    "not_a_model",
    "filtered",
    "refused",
    "nonsense",
    "cut",
    "rejected",
    "limit_calls",
    "limit_volume",
    "limit_money",
    "too_long",
    "misconfigured",
]

LONGEST_WAIT = 10.0
"""Seconds of a Retry-After that are waited out within a turn."""

_LASTING = 300.0
_PAUSES: dict[str, float] = {
    "unreachable": 60,
    "timeout": 60,
    "server": 30,
    "busy": 30,
    "quota": _LASTING,
    "key": _LASTING,
    "deployment": _LASTING,
    "not_a_model": _LASTING,
    "misconfigured": _LASTING,
    "rejected": 60,
}
_LONGEST_PAUSE = 3600.0

_BY_NAME: tuple[tuple[frozenset[str], FailureKind], ...] = (
    (frozenset({"APITimeoutError", "TimeoutError"}), "timeout"),
    (frozenset({"ClientAuthenticationError", "CredentialUnavailableError"}), "key"),
    (frozenset({"APIConnectionError", "ConnectError"}), "unreachable"),
    (frozenset({"JSONDecodeError", "APIResponseValidationError", "AttributeError", "AssertionError"}), "not_a_model"),
    (frozenset({"APIError", "TransportError"}), "cut"),
)
"""Error types by name, the first that fits: the packages that define them are not imported for a look."""


class ModelFailed(Exception):
    """`retry_after` is what the endpoint asked for, in seconds."""

    def __init__(self, kind: FailureKind, retry_after: float | None = None) -> None:
        super().__init__(kind)
        self.kind: FailureKind = kind
        self.retry_after = retry_after

    @property
    def pause(self) -> float:
        """Seconds for which nobody need try again; 0 when the next message may do better."""
        wanted = max(_PAUSES.get(self.kind, 0.0), self.retry_after or 0.0)
        return min(wanted, _LONGEST_PAUSE)


def failure_of(error: BaseException) -> ModelFailed:
    """What this error of the client, of the kernel or of the network means."""
    chain = _chain(error)
    for link in chain:
        if isinstance(link, ModelFailed):
            return link
    if any(type(link).__name__ == "ContentFilterAIException" or _code(link) == "content_filter" for link in chain):
        return ModelFailed("filtered")
    for link in chain:
        status = getattr(link, "status_code", None)
        if isinstance(status, int):
            return _by_status(status, link)
    names = {base.__name__ for link in chain for base in type(link).__mro__}
    kinds: list[FailureKind] = [kind for known, kind in _BY_NAME if known & names]
    return ModelFailed(kinds[0] if kinds else "nonsense")


def _chain(error: BaseException | None) -> "list[BaseException]":
    links: list[BaseException] = []
    while error is not None and error not in links:
        links.append(error)
        inner = next((part for part in error.args if isinstance(part, BaseException)), None)
        error = error.__cause__ or inner or error.__context__
    return links


def _by_status(status: int, error: BaseException) -> ModelFailed:
    wait = _retry_after(error)
    if status in (401, 403):
        return ModelFailed("key")
    if status == HTTPStatus.NOT_FOUND:
        return ModelFailed("deployment")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        lasting = _code(error) == "insufficient_quota" or (wait or 0) >= _LASTING
        return ModelFailed("quota" if lasting else "busy", wait)
    if status in (408, 504):
        return ModelFailed("timeout")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ModelFailed("server", wait)
    if 200 <= status < 300:  # noqa: PLR2004 - what was answered is no completion
        return ModelFailed("not_a_model")
    param = str(getattr(error, "param", None) or "")
    return ModelFailed("no_tools" if param.startswith("tool") or _speaks_of_tools(error) else "rejected")


def _retry_after(error: BaseException) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return float(milliseconds) / 1000
        return float(headers["retry-after"]) if "retry-after" in headers else None
    except (TypeError, ValueError):
        return None


def _code(error: BaseException) -> str | None:
    code = getattr(error, "code", None)
    return code if isinstance(code, str) else None


def _speaks_of_tools(error: BaseException) -> bool:
    text = str(getattr(error, "body", None) or "").casefold()
    return "tool" in text or "function call" in text
