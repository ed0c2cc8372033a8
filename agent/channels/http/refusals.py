"""What the server answers when it does not do what was asked: one shape, one clear sentence, nothing of our inside.

{"error": {"code": …, "text": …, "retryable": …}}
"""

import logging
import tomllib
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from agent.telemetry import logged_fault
from plugins.domain.errors import InfraError

_log = logging.getLogger(__name__)
_RETRYABLE = frozenset({429, 500, 503})
_BY_STATUS = {401: "not_signed_in", 403: "forged", 404: "not_found", 405: "not_allowed", 413: "too_large"}


class Refused(Exception):
    """Not done, and why: `code` names the sentence, `values` fill it, `retry_after` is in whole seconds."""

    def __init__(self, code: str, status: int, *, retry_after: int | None = None, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.values = values


class Refusals:
    """Turns what went wrong into an answer. `folder` holds web.toml."""

    def __init__(self, folder: Path) -> None:
        words = tomllib.loads((folder / "web.toml").read_text("utf-8"))
        self._texts: Mapping[str, str] = words["errors"]
        self.pages: Mapping[str, str] = words["pages"]

    def text(self, code: str, **values: object) -> str:
        return self._texts[code].format(**values)

    def answer_to(self, error: Exception) -> web.Response:
        """The answer for this error; one that we do not know is logged under a number, and only that is told."""
        match error:
            case Refused():
                return self._answer(error)
            case InfraError():
                return self._answer(Refused("unavailable", 503, problem=error.problem, remedy=error.remedy))
            case web.HTTPException() if error.status >= 400:  # noqa: PLR2004
                return self._answer(Refused(_BY_STATUS.get(error.status, "bad_request"), error.status))
            case web.HTTPException():
                raise error
            case _:
                fault = logged_fault(_log, "a request failed", error)
                return self._answer(Refused("internal", 500, fault=fault))

    def _answer(self, refused: Refused) -> web.Response:
        body: dict[str, object] = {
            "error": {
                "code": refused.code,
                "text": self.text(refused.code, **refused.values),
                "retryable": refused.status in _RETRYABLE,
            }
        }
        if refused.status == 401:  # noqa: PLR2004
            body["login"] = "/login"
        return with_retry(web.json_response(body, status=refused.status), refused)


def with_retry(response: web.Response, refused: Refused) -> web.Response:
    """The answer with the time after which it may be tried again, where there is one."""
    if refused.retry_after is not None:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response
