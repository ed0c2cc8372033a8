"""Tokens of our own app, for the channel's service and for Microsoft Graph: fetched when they are needed, and kept.

With a secret by the client credentials flow (learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-
flow, read 2026-11-22), else by the machine's managed identity, as MSAL finds it.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, cast

from aiohttp import ClientError, ClientSession, ClientTimeout

from agent.channels.messaging.port import Undeliverable
from agent.channels.teams.access import TeamsAccess

CHANNEL_SCOPE = "https://api.botframework.com"
_EARLY_SECONDS = 300.0
"""Before its end a token is fetched anew, while the old one is still good."""

_FETCH_SECONDS = 10.0


class KeptToken:
    """One token for one scope ("https://graph.microsoft.com"). The playground has none, and needs none."""

    def __init__(self, access: TeamsAccess, scope: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._access = access
        self._scope = scope
        self._clock = clock
        self._token, self._until = "", 0.0
        self._lock = asyncio.Lock()

    def at_hand(self) -> str:
        return self._token

    async def fresh(self) -> None:
        """Raises Undeliverable: forbidden where the directory does not know the app, else unavailable."""
        if self._access.playground or self._clock() < self._until - _EARLY_SECONDS:
            return
        async with self._lock:
            if self._clock() >= self._until - _EARLY_SECONDS:
                await self._renew()

    async def _renew(self) -> None:
        try:
            answer = await (self._by_secret() if self._access.password else asyncio.to_thread(self._by_identity))
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            if self._clock() < self._until:  # the old one is still good
                return
            raise Undeliverable("unavailable") from error
        if "access_token" not in answer:
            raise Undeliverable("forbidden")
        self._token = str(answer["access_token"])
        self._until = self._clock() + float(answer.get("expires_in", 0))

    async def _by_secret(self) -> dict[str, Any]:
        access = self._access
        secret = access.password.get_secret_value() if access.password else ""
        form = {
            "grant_type": "client_credentials",
            "client_id": access.app_id,
            "client_secret": secret,
            "scope": f"{self._scope}/.default",
        }
        url = f"{access.settings.login_url.rstrip('/')}/{access.tenant}/oauth2/v2.0/token"
        async with (
            ClientSession(timeout=ClientTimeout(total=_FETCH_SECONDS), trust_env=True) as http,
            http.post(url, data=form) as answer,
        ):
            if answer.status >= 500:  # noqa: PLR2004 - theirs
                raise TimeoutError
            return cast("dict[str, Any]", await answer.json(content_type=None))

    def _by_identity(self) -> dict[str, Any]:
        import msal  # pyright: ignore[reportMissingTypeStubs]
        import requests

        identity = msal.UserAssignedManagedIdentity(client_id=self._access.app_id)
        client = msal.ManagedIdentityClient(identity, http_client=requests.Session())
        return cast("dict[str, Any]", client.acquire_token_for_client(resource=self._scope))
