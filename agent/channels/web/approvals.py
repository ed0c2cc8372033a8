"""Plans that wait for somebody else than their requester: an approver sees the plan and decides it, and sees
nothing else of the conversation that it comes from.
"""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from agent.channels.auth.identity import Authenticator
from agent.channels.http.refusals import Refused
from agent.channels.web.bodies import Words, body_of
from agent.channels.web.port import WebChat
from agent.channels.web.routes import WebChannel
from agent.events import Button, Incoming, RemarkCommand
from agent.wording import phrase


class _Decision(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    action: Literal["confirm", "reject", "remark"]
    digest: Words = Field(max_length=200)
    value: Words | None = Field(default=None, max_length=1000)
    comment: Words | None = Field(default=None, max_length=300)
    client_id: str = Field(min_length=8, max_length=64, pattern=r"^[\w.:-]+$")

    @model_validator(mode="after")
    def _says_something(self) -> "_Decision":
        if self.action == "remark" and not (self.comment or "").strip():
            raise ValueError(f"{self.action} needs comment")
        return self


class _HandOver(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    to: Words = Field(max_length=64)


class ApprovalsPage:
    def __init__(self, chat: WebChat, authenticator: Authenticator, channel: WebChannel) -> None:
        self._chat = chat
        self._authenticator = authenticator
        self._channel = channel

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/approvals", self.waiting),
            web.post("/api/approvals/{plan_id}", self.decide),
            web.post("/api/approvals/{plan_id}/hand_over", self.hand_over),
            web.get("/api/plans/{plan_id}", self.plan),
        ]

    async def waiting(self, request: web.Request) -> web.StreamResponse:
        """GET /api/approvals: plans of others that this person may decide, each as its event, the oldest first."""
        session = self._authenticator.demand(request)
        pending = await self._chat.plans_waiting_for(session.person)
        approvals = [
            {
                "plan": dict(waiting.shown),
                "requested_by": {"id": waiting.plan.requested_by.id, "name": waiting.plan.requested_by.name},
                "created_at": waiting.plan.created_at.isoformat(),
                "remarks": list(waiting.remarks),
            }
            for waiting in pending
        ]
        return web.json_response({"approvals": approvals})

    async def plan(self, request: web.Request) -> web.StreamResponse:
        """GET /api/plans/PLAN: one plan, for whoever may see it; 404 alike for another's and for none."""
        session = self._authenticator.demand(request)
        seen = await self._chat.plan_seen_by(request.match_info["plan_id"], session.person)
        if seen is None:
            raise Refused("not_found", 404)
        owner = await self._chat.owner_of(seen.plan.conversation)
        return web.json_response(
            {
                "plan": dict(seen.shown),
                "status": seen.status,
                "may_answer": seen.may_answer,
                "could_decide": list(seen.could_decide),
                "candidates": [{"mark": c.mark, "name": c.name, "where": c.where} for c in seen.candidates],
                "remarks": list(seen.remarks),
                "may_continue": seen.may_continue,
                "requested_by": {"id": seen.plan.requested_by.id, "name": seen.plan.requested_by.name},
                "created_at": seen.plan.created_at.isoformat(),
                "conversation": seen.plan.conversation if owner == session.person.key else None,
            }
        )

    async def hand_over(self, request: web.Request) -> web.StreamResponse:
        """POST /api/approvals/PLAN/hand_over: asks another person who may decide it (`to`, a mark of `candidates`);
        whoever hands it over may still decide it themselves.
        """
        session = self._channel.admitted(request)
        plan_id = request.match_info["plan_id"]
        seen = await self._chat.plan_seen_by(plan_id, session.person)
        if seen is None or not seen.may_answer:
            raise Refused("not_found", 404)
        sent = await body_of(request, _HandOver)
        to = await self._chat.hand_over(plan_id, session.person, sent.to)
        if to is None:
            raise Refused("not_entitled", 409)
        return web.json_response({"text": phrase("web.handed_over", name=to.name, where=to.where)})

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """POST /api/approvals/PLAN: as a click in the conversation that the plan belongs to. A `remark` asks for a
        change there, and decides nothing.
        """
        session = self._channel.admitted(request)
        plan_id = request.match_info["plan_id"]
        seen = await self._chat.plan_seen_by(plan_id, session.person)
        if seen is None or not seen.may_answer:
            raise Refused("not_found", 404)
        plan = seen.plan
        sent = await body_of(request, _Decision)
        # In the plan's own conversation: its asker sees there what came of it.
        incoming = Incoming(conversation=plan.conversation, person=session.person)
        if sent.action == "remark":
            remark = RemarkCommand(plan_id=plan_id, text=sent.comment or "")
            return await self._channel.accept(_with(incoming, text=sent.comment, command=remark), sent.client_id)
        decision = sent.model_dump(include={"action", "digest", "value", "comment"})
        button = Button.model_validate({"plan_id": plan_id, **decision})
        return await self._channel.accept(_with(incoming, button=button), sent.client_id)


def _with(incoming: Incoming, **said: object) -> Incoming:
    return Incoming.model_validate({**dict(incoming), **said})
