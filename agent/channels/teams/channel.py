"""Microsoft Teams as a server serves it: the route, and the platform that the shared room writes by.

The SDK is loaded here, when a channel is made.
"""

import time
from collections.abc import Callable

from aiohttp import web

from agent.channels.cards.teams import TeamsCards
from agent.channels.messaging.port import Address, ChatRoom
from agent.channels.teams.access import TeamsAccess
from agent.channels.teams.credentials import CHANNEL_SCOPE, KeptToken
from agent.channels.teams.endpoint import TeamsEndpoint
from agent.channels.teams.platform import TeamsPlatform
from agent.channels.teams.speakers import GraphGroups, NoGroups, TeamsSpeakers
from agent.channels.teams.tokens import SigningKeys, TokenCheck


class TeamsChannel:
    """One bot. `platform` and `cards` are for the room; `routes` for the server, once there is a room."""

    def __init__(self, access: TeamsAccess, *, clock: Callable[[], float] = time.monotonic) -> None:
        from agent.channels.teams.botframework import BotFramework  # a second

        self._access = access
        self._endpoint: TeamsEndpoint | None = None
        self._keys = SigningKeys(access.settings.open_id_metadata_url, clock)
        self.cards = TeamsCards()
        self.speakers = TeamsSpeakers(access, GraphGroups(access) if access.settings.graph_groups else NoGroups())
        service = BotFramework(access.app_id, KeptToken(access, CHANNEL_SCOPE))
        self.platform = TeamsPlatform(access, service, self.speakers, clock)

    @property
    def approvers_place(self) -> Address | None:
        """Where plans that wait are announced; None where the settings name no place."""
        named = self._access.settings.approvals_conversation
        return self.platform.place_of(named) if named else None

    def routes(self, room: ChatRoom) -> list[web.RouteDef]:
        check = None if self._access.playground else TokenCheck(self._access.app_id, self._keys)
        self._endpoint = TeamsEndpoint(self._access, check, self.speakers, room=room, cards=self.cards)
        self._endpoint.write_by(self.platform)
        return self._endpoint.routes()

    async def stop(self) -> None:
        if self._endpoint is not None:
            await self._endpoint.stop()
        self.platform.close()
