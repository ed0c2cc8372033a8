"""Where Teams is not set up: the address answers that, and nothing of Teams is loaded."""

from aiohttp import web

from agent.channels.http.refusals import Refused
from agent.channels.http.served import ServerDoors


class TeamsOff:
    name = "teams"

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/api/messages", self._off)]

    async def begin(self, doors: ServerDoors) -> None:
        """Nothing begins."""

    async def stop(self, seconds: float) -> None:
        """Nothing was begun."""

    async def _off(self, _: web.Request) -> web.StreamResponse:
        raise Refused("teams_off", 404)
