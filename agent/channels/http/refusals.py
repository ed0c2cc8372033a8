"""What the server answers when it does not do what was asked: one shape, one clear sentence, nothing of our inside.

{"error": {"code": …, "text": …, "retryable": …}}, the text from templates/replies/web.toml.
"""

import logging
from http import HTTPStatus

from aiohttp import web

from agent.telemetry import logged_fault
from agent.wording import phrase
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

    @property
    def text(self) -> str:
        return phrase(f"web.errors.{self.code}", **self.values)


def answer_to(error: Exception) -> web.Response:
    """The answer for this error; one that we do not know is logged under a number, and only that is told."""
    match error:
        case Refused():
            return _answer(error)
        case InfraError():
            return _answer(Refused("unavailable", 503, problem=error.problem, remedy=error.remedy))
        case web.HTTPException() if error.status >= HTTPStatus.BAD_REQUEST:
            return _answer(Refused(_BY_STATUS.get(error.status, "bad_request"), error.status))
        # A redirect is no failure.
        case web.HTTPException():
            raise error
        case _:
            fault = logged_fault(_log, "a request failed", error)
            return _answer(Refused("internal", 500, fault=fault))


def _answer(refused: Refused) -> web.Response:
    body: dict[str, object] = {
        "error": {"code": refused.code, "text": refused.text, "retryable": refused.status in _RETRYABLE}
    }
    if refused.status == HTTPStatus.UNAUTHORIZED:
        body["login"] = "/login"
    return with_retry(web.json_response(body, status=refused.status), refused)


def with_retry(response: web.Response, refused: Refused) -> web.Response:
    """The answer with the time after which it may be tried again, where there is one."""
    if refused.retry_after is not None:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response
