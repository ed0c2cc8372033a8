"""The one file that knows slack-sdk's client: calls Slack's Web API, once each, and says why something was refused.

Nothing is tried again here: who calls is durable and waits as it is told. The SDK's own retries are for broken
connections only (429 is not among them; slack-sdk 3.47.0, run 2026-11-29), and what broke may have arrived.
"""

import logging
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from agent.channels.slack.deliveries import Fields

_SECONDS = 10
_MOST_SECONDS = 900.0
"""Of a wait that is asked for; longer ones are asked again meanwhile."""

_log = logging.getLogger(__name__)


class SlackRefused(Exception):
    """Slack did not do it: `error` is its own word ("channel_not_found"), or "unreachable" where it could not be asked.

    `retry_after_seconds` is set where it named a time after which to try again.
    """

    def __init__(self, method: str, error: str, *, status: int = 0, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"{method}: {error}")
        self.method = method
        self.error = error
        self.status = status
        self.retry_after_seconds = retry_after_seconds

    @property
    def passes(self) -> bool:
        """Whether it may go well later."""
        return self.status in (429, 500, 502, 503, 504) or self.error in _PASSING


_PASSING = frozenset(
    {"unreachable", "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"}
)


class WebApi:
    """Slack's Web API under one bot token. Connections are kept open between calls."""

    def __init__(self, token: str, api_url: str) -> None:
        self._token = token
        self._url = api_url
        self._client: Any = None  # the SDK's types are half unknown, and none of them leaves this file

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Fields:
        """The answer of `method` ("chat.postMessage"). Raises SlackRefused."""
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            response = await self._ready().api_call(method, json=given)
        except SlackApiError as error:
            raise _refused(method, error) from error
        except (ClientError, TimeoutError, OSError) as error:
            raise SlackRefused(method, "unreachable") from error
        return cast("Fields", response.data)

    async def look(self, method: str, arguments: Mapping[str, Any]) -> Fields:
        """As `call`, for the methods that take their arguments in the address only ("users.info")."""
        try:
            response = await self._ready().api_call(method, http_verb="GET", params=dict(arguments))
        except SlackApiError as error:
            raise _refused(method, error) from error
        except (ClientError, TimeoutError, OSError) as error:
            raise SlackRefused(method, "unreachable") from error
        return cast("Fields", response.data)

    async def introduced(self) -> tuple[Fields, frozenset[str]]:
        """Who we are (`auth.test`), and the scopes that our token was given. Raises SlackRefused."""
        try:
            response = await self._ready().api_call("auth.test")
        except SlackApiError as error:
            raise _refused("auth.test", error) from error
        except (ClientError, TimeoutError, OSError) as error:
            raise SlackRefused("auth.test", "unreachable") from error
        scopes = str(response.headers.get("x-oauth-scopes") or "")
        return cast("Fields", response.data), frozenset(filter(None, (one.strip() for one in scopes.split(","))))

    def holds(self, url: str) -> bool:
        """Whether files of ours lie there: Slack's own hosts, or the one that its Web API was moved to."""
        at, api = urlsplit(url), urlsplit(self._url)
        if at.scheme == api.scheme and at.netloc == api.netloc:
            return True
        return at.scheme == "https" and at.hostname is not None and at.hostname.endswith(".slack.com")

    async def download(self, url: str, *, most: int) -> bytes:
        """A file that somebody shared, at most so many bytes and one more. Raises SlackRefused."""
        self._ready()
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status != 200:  # noqa: PLR2004 - OK
                    raise SlackRefused("files", f"status {response.status}", status=response.status)
                return await response.content.read(most + 1)
        except (ClientError, TimeoutError, OSError) as error:
            raise SlackRefused("files", "unreachable") from error

    async def close(self) -> None:
        if self._client is not None:
            await self._session.close()

    def _ready(self) -> Any:
        """The client, made inside the event loop that uses it."""
        if self._client is None:
            self._session = ClientSession(timeout=ClientTimeout(total=_SECONDS), trust_env=True)
            self._client = AsyncWebClient(
                token=self._token,
                base_url=self._url,
                session=self._session,
                timeout=_SECONDS,
                retry_handlers=[],
                logger=_log,
            )
        return self._client


def _refused(method: str, error: SlackApiError) -> SlackRefused:
    response = cast("Any", error).response
    data = _object(response.data)
    wait = str(response.headers.get("Retry-After") or "")
    return SlackRefused(
        method,
        str(data.get("error") or f"status {response.status_code}"),
        status=response.status_code,
        retry_after_seconds=min(float(wait), _MOST_SECONDS) if wait.isdecimal() else None,
    )


def _object(answered: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", answered) if isinstance(answered, dict) else {}
