"""Microsoft Teams as a server serves it: the route, and the platform that the shared room writes by.

The SDK is loaded here, when a channel is made.
"""

import time
from collections.abc import Callable, Sequence

from aiohttp import web

from agent.channels.cards.teams import TeamsCards
from agent.channels.http.served import ServerDoors
from agent.channels.messaging.port import ChatRoom, Seat
from agent.channels.teams.access import TeamsAccess
from agent.channels.teams.credentials import CHANNEL_SCOPE, KeptToken
from agent.channels.teams.endpoint import TeamsEndpoint
from agent.channels.teams.platform import TeamsPlatform
from agent.channels.teams.speakers import GraphGroups, NoGroups, TeamsSpeakers
from agent.channels.teams.tokens import SigningKeys, TokenCheck
from agent.events import Event
from agent.wording import phrase


class TeamsChannel:
    """`ServedChannel` of one bot. `seat` is what the room writes to."""

    def __init__(self, access: TeamsAccess, room: ChatRoom, *, clock: Callable[[], float] = time.monotonic) -> None:
        from agent.channels.teams.botframework import BotFramework  # a second

        speakers = TeamsSpeakers(access, GraphGroups(access) if access.settings.graph_groups else NoGroups())
        service = BotFramework(access.app_id, KeptToken(access, CHANNEL_SCOPE))
        self._platform = TeamsPlatform(access, service, speakers, clock)
        cards = TeamsCards()
        approvals = access.settings.approvals_conversation
        self.seat = Seat(
            self._platform,
            cards,
            access.tenant,
            self._platform.place_of(approvals) if approvals else None,
            phrase("teams.approvals_place") if approvals else "",
        )
        keys = SigningKeys(access.settings.open_id_metadata_url, clock)
        check = None if access.playground else TokenCheck(access.app_id, keys)
        self._endpoint = TeamsEndpoint(access, check, speakers, room=room, cards=cards)
        self._endpoint.write_by(self._platform)

    @property
    def name(self) -> str:
        return "teams"

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return self._endpoint.routes()

    async def begin(self, doors: ServerDoors) -> None:
        """Nothing is asked of anybody before the first activity: a server starts without Microsoft."""

    async def stop(self, seconds: float) -> None:
        await self._endpoint.stop(seconds)
        await self._platform.close()

    def heard(self, event: Event) -> None:
        """What the app says: the pieces of an answer that is being written are shown as they come."""
        self._platform.streams.heard(event)
