"""Whose an activity is: the directory's object of whoever sent it, and the roles that the settings give it.

Never a display name. What nobody named has no role, and groups that cannot be read give none: absent means no.
"""

import logging
import time
from collections.abc import Callable, Collection
from typing import Protocol, cast
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout

from agent.channels.messaging.port import Undeliverable
from agent.channels.teams.access import TeamsAccess
from agent.channels.teams.activities import Activity
from agent.channels.teams.credentials import KeptToken
from plugins.domain.plan import Person

_log = logging.getLogger(__name__)
_KEPT_SECONDS = 60.0
_MOST_KNOWN = 10_000
_FETCH_SECONDS = 3.0


class Groups(Protocol):
    """Which groups somebody is in."""

    async def of(self, object_id: str) -> Collection[str]:
        """Object ids of the groups, nested ones too; empty where they cannot be read."""
        ...


class NoGroups:
    async def of(self, object_id: str) -> Collection[str]:  # noqa: ARG002 - there are none of anybody
        return ()


class GraphGroups:
    """Groups by Microsoft Graph, kept for a minute: `getMemberGroups` of the person (learn.microsoft.com/graph/api/
    directoryobject-getmembergroups, read 2026-11-29; needs User.ReadBasic.All and GroupMember.Read.All).
    """

    def __init__(self, access: TeamsAccess, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = access.settings.graph_url.rstrip("/")
        self._token = KeptToken(access, self._url)
        self._clock = clock
        self._known: dict[str, tuple[float, frozenset[str]]] = {}

    async def of(self, object_id: str) -> Collection[str]:
        until, groups = self._known.get(object_id, (0.0, frozenset[str]()))
        if self._clock() < until:
            return groups
        try:
            groups = await self._asked(object_id)
        except (ClientError, OSError, TimeoutError, ValueError, TypeError, KeyError, Undeliverable) as error:
            _log.warning("the groups of %s cannot be read from Microsoft Graph (%s)", object_id, type(error).__name__)
            return ()
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[object_id] = (self._clock() + _KEPT_SECONDS, groups)
        return groups

    async def _asked(self, object_id: str) -> frozenset[str]:
        await self._token.fresh()
        url = f"{self._url}/v1.0/users/{quote(object_id, safe='')}/getMemberGroups"
        headers = {"Authorization": f"Bearer {self._token.at_hand()}"}
        async with (
            ClientSession(timeout=ClientTimeout(total=_FETCH_SECONDS), trust_env=True) as http,
            http.post(url, json={"securityEnabledOnly": False}, headers=headers) as answer,
        ):
            answer.raise_for_status()
            found = (await answer.json(content_type=None))["value"]
        return frozenset(str(one).casefold() for one in cast("list[object]", found))


class TeamsSpeakers:
    """People by what the channel verified."""

    def __init__(self, access: TeamsAccess, groups: Groups) -> None:
        self._access = access
        self._groups = groups
        self._roles = {key.casefold(): roles for key, roles in access.settings.roles.items()}

    async def of(self, activity: Activity) -> Person | None:
        """Who sent it; None for whoever has no object in a directory that is let in."""
        object_id, tenant = activity.from_.aad_object_id, activity.tenant
        if not object_id or not self._access.lets_in(tenant):
            return None
        # As on the web, an identity is the directory's object; the two are one person by it.
        return await self.known(object_id, activity.from_.name or object_id, tenant)

    async def known(self, object_id: str, name: str, tenant: str) -> Person:
        """That object of that directory, with the roles that it has now."""
        return Person(
            id=object_id,
            name=name,
            roles=await self.roles_of(object_id),
            issuer=f"teams:{tenant}",
            object_id=f"{tenant}/{object_id}",
        )

    async def roles_of(self, object_id: str) -> tuple[str, ...]:
        """By the person's own id, and by their groups' where these are read."""
        if self._access.playground:
            return self._access.local_roles
        ids = [object_id.casefold(), *(await self._groups.of(object_id))]
        return tuple(dict.fromkeys(role for one in ids for role in self._roles.get(one, ())))
