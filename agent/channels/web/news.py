"""What became of what somebody asked for on their other channels: told on the page once, where they wish it."""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agent.channels.auth.identity import Authenticator
from agent.channels.web.bodies import body_of
from agent.channels.web.port import WebChat
from agent.channels.web.routes import WebChannel

_MOST_NUMBER = 2**31 - 1


class _ReadNews(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    told: list[int] = Field(max_length=100)


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    results: Literal["on", "off"]


class NewsPage:
    def __init__(self, chat: WebChat, authenticator: Authenticator, channel: WebChannel) -> None:
        self._chat = chat
        self._authenticator = authenticator
        self._channel = channel

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/news", self.news),
            web.post("/api/news/told", self.told),
            web.post("/api/news/wish", self.wish),
        ]

    async def news(self, request: web.Request) -> web.StreamResponse:
        """GET /api/news: what this person was not told of yet, oldest first; `results` is whether they wish it, and
        `others` names the channels that they are known on beside this one.
        """
        person = self._authenticator.demand(request).person
        news, wishes, others = await self._chat.news_of(person)
        told: list[JsonValue] = [
            {"number": each.number, "text": each.text, "at": each.at.isoformat(), "plan_id": each.plan_id}
            for each in news
        ]
        return web.json_response({"news": told, "results": wishes, "others": list(others)})

    async def told(self, request: web.Request) -> web.StreamResponse:
        """POST /api/news/told: they have read these (`told`, numbers), which are told here no more."""
        session = self._channel.admitted(request)
        sent = await body_of(request, _ReadNews)
        await self._chat.told_news([number for number in sent.told if 0 <= number <= _MOST_NUMBER], session.person)
        return web.Response(status=204)

    async def wish(self, request: web.Request) -> web.StreamResponse:
        """POST /api/news/wish: switches it on or off (`results`), for all that they are; what holds then as `text`."""
        session = self._channel.admitted(request)
        sent = await body_of(request, _Wish)
        return web.json_response({"text": await self._chat.switch_news(session.person, sent.results)})
