"""Plans that wait for somebody else than their requester: an approver sees the plan and decides it, and sees
nothing else of the conversation that it comes from.
"""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agent.channels.auth.identity import Authenticator
from agent.channels.http.refusals import Refused
from agent.channels.web.port import WebChat
from agent.channels.web.routes import WebChannel, Words, body_of
from agent.events import Button, Incoming


class _Decision(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    action: Literal["confirm", "reject"]
    digest: Words = Field(max_length=200)
    value: Words | None = Field(default=None, max_length=1000)
    comment: Words | None = Field(default=None, max_length=300)
    client_id: str = Field(min_length=8, max_length=64, pattern=r"^[\w.:-]+$")


class ApprovalsPage:
    def __init__(self, chat: WebChat, authenticator: Authenticator, channel: WebChannel) -> None:
        self._chat = chat
        self._authenticator = authenticator
        self._channel = channel

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api/approvals", self.waiting), web.post("/api/approvals/{plan_id}", self.decide)]

    async def waiting(self, request: web.Request) -> web.StreamResponse:
        """GET /api/approvals: plans of others that this person may decide, each as its event, the oldest first."""
        session = self._authenticator.demand(request)
        pending = await self._chat.plans_waiting_for(session.person)
        approvals = [
            {
                "plan": dict(waiting.shown),
                "requested_by": {"id": waiting.plan.requested_by.id, "name": waiting.plan.requested_by.name},
                "created_at": waiting.plan.created_at.isoformat(),
            }
            for waiting in pending
        ]
        return web.json_response({"approvals": approvals})

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """POST /api/approvals/PLAN: as a click in the conversation that the plan belongs to."""
        session = self._channel.admitted(request)
        plan_id = request.match_info["plan_id"]
        pending = await self._chat.plans_waiting_for(session.person)
        plan = next((waiting.plan for waiting in pending if waiting.plan.plan_id == plan_id), None)
        if plan is None:
            raise Refused("not_found", 404)
        sent = await body_of(request, _Decision)
        decision = sent.model_dump(include={"action", "digest", "value", "comment"})
        button = Button.model_validate({"plan_id": plan.plan_id, **decision})
        # In the plan's own conversation: its asker sees there what came of it.
        incoming = Incoming(conversation=plan.conversation, person=session.person, button=button)
        return await self._channel.accept(incoming, sent.client_id)
