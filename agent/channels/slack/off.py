"""What /slack/events says where Slack is not configured, or comes by socket: that it is off here, and how it is on."""

from collections.abc import Sequence

from aiohttp import web

from agent.channels.http.refusals import Refused
from agent.channels.http.served import ServerDoors


class SlackOff:
    """`ServedChannel` of one address that refuses."""

    name = "slack"

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.post("/slack/events", off)]

    async def begin(self, doors: ServerDoors) -> None:
        del doors

    async def stop(self, seconds: float) -> None:
        del seconds


async def off(_: web.Request) -> web.StreamResponse:
    raise Refused("slack_off", 404)
