"""`brickie mcp`: the reading and proposing functions for an assistant in an IDE, over stdio.

Written on the package `mcp` itself, not through the kernel. An assistant can have a plan made; it can never give
consent. No function takes one, and what it passes as text is only read as a request, never as a yes. Consent comes from
a person on a channel with identity, or by elicitation: the client then asks its person, and the answer is theirs.
An extension moves something without a plan, so here it is only looked up.
"""

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.events import Button, Event, Incoming, Message, PlanProposed, Question, Result, State
from agent.events import Error as ErrorEvent
from agent.telemetry import logged_fault
from agent.wording import deed
from plugins.credentials import demand_none
from plugins.databricks.lookups import INPUTS, NameInput
from plugins.decide import decide
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError, InfraError, InvalidRequest
from plugins.domain.plan import Person
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Context, Statement, Understanding
from plugins.estimate import estimate

if TYPE_CHECKING:
    from mcp.server import Server
    from mcp.types import Tool

_REQUESTS: frozenset[Act] = frozenset({"provision", "amend", "answer"})
_NEXT = "A person confirms it on a channel of theirs: in this conversation, by plan id and digest. You cannot."
_log = logging.getLogger(__name__)

Answer = dict[str, Any]
Ask = Callable[[PlanProposed], Awaitable[str | None]]
"""Asks the client's person about a plan: what they typed or "apply", None for no, or when they cannot be asked."""


class McpApp(Protocol):
    """What this channel needs of the app."""

    def listen(self, listener: Callable[[Event], None]) -> None: ...
    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None: ...
    async def understand(self, text: str, context: Context) -> Understanding: ...
    async def look(self, context: Context, verb: str, asked: Mapping[str, Any]) -> dict[str, Any]: ...
    async def close(self) -> None: ...


class TextInput(BaseModel):
    """A request in a person's words."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="What the person asks for, in their own words.", max_length=8_000)


class DecisionInput(BaseModel):
    """A decision as `decide` gave it."""

    model_config = ConfigDict(extra="forbid")

    decision: InfrastructureDecision


_MODELS: Mapping[str, type[BaseModel]] = {
    "parse": TextInput,
    "decide": InfrastructureRequest,
    "estimate_cost": DecisionInput,
    "deploy": TextInput,
    **INPUTS,
}


@dataclass(frozen=True)
class McpSession:
    """Who speaks, for which house, on what day, and what each function is said to do."""

    person: Person
    platform: PlatformSettings
    today: Callable[[], date]
    words: Mapping[str, str]


class Functions:
    """The functions of one session; they share one conversation."""

    def __init__(self, app: McpApp, desk: McpSession) -> None:
        self._app = app
        self._desk = desk
        self._here = f"mcp_{uuid.uuid4().hex[:12]}"
        self._heard: list[Event] = []
        self._state: State | None = None
        self._turn = asyncio.Lock()
        app.listen(self._hear)

    async def call(self, name: str, given: Mapping[str, Any], ask: Ask) -> Answer:
        """The answer as JSON values; {"error": …} in words that are safe to show. Never raises."""
        try:
            return await self._called(name, given, ask)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            return {"error": [f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems[:5]]}
        except InfraError as error:
            return {"error": f"{error.problem} {error.remedy}"}
        except Exception:  # noqa: BLE001 - the rim: a foreign error's text goes to no assistant
            fault = logged_fault(_log, "a function failed")
            return {"error": f"That went wrong on our side (fault {fault}). Nothing was changed."}

    async def _called(self, name: str, given: Mapping[str, Any], ask: Ask) -> Answer:
        model = _MODELS.get(name)
        if model is None:
            raise InvalidRequest(
                "calling a function", f"there is no function “{name[:40]}”.", f"There are {', '.join(_MODELS)}."
            )
        demand_none("calling a function", _texts(given))
        asked = model.model_validate(dict(given))
        match asked:
            case TextInput():
                return await self._worded(name, asked.text, ask)
            case InfrastructureRequest():
                return decide(asked, self._desk.platform, identity="proposal", today=self._desk.today()).model_dump(
                    mode="json", exclude_none=True
                )
            case DecisionInput():
                return estimate(asked.decision, self._desk.platform).model_dump(mode="json")
            case NameInput() if name == "destroy":
                request = InfrastructureRequest(workspace_name=asked.workspace_name)
                return await self._proposed(Understanding("destroy", (Statement(request),)), ask)
            case _:
                fields = asked.model_dump(mode="json", exclude_none=True)
                return await self._app.look(self._context, name, fields)

    async def _worded(self, name: str, text: str, ask: Ask) -> Answer:
        understood = await self._app.understand(text, self._context)
        if name == "parse":
            return {
                "act": understood.act,
                "requests": [r.model_dump(mode="json", exclude_none=True) for r in understood.requests],
                "in_doubt": [doubt.slot for doubt in understood.doubts],
            }
        if understood.act not in _REQUESTS or not understood.requests:
            raise InvalidRequest(
                "proposing a deployment",
                "that is no request for a workspace.",
                "Say the team, environment and workload.",
            )
        return await self._proposed(understood, ask)

    async def _proposed(self, understood: Understanding, ask: Ask) -> Answer:
        """A turn with this understanding, up to the plan; then the person is asked, where they can be."""
        async with self._turn:
            events = await self._said(
                Incoming(conversation=self._here, person=self._desk.person, understood=understood)
            )
            plan = next((event for event in events if isinstance(event, PlanProposed)), None)
            answer = self._answer(events)
            if plan is None:
                return answer
            typed = await ask(plan)
            if typed is None:
                return answer | {"next": _NEXT}
            button = Button(action="confirm", plan_id=plan.plan_id, digest=plan.digest, value=typed)
            events = await self._said(Incoming(conversation=self._here, person=self._desk.person, button=button))
            return answer | {"confirmed": self._answer(events)}

    async def _said(self, incoming: Incoming) -> Sequence[Event]:
        self._heard.clear()
        await self._app.reply_to(incoming, until_settled=True)
        return tuple(self._heard)

    def _answer(self, events: Sequence[Event]) -> Answer:
        """What these events say, in short."""
        found: Answer = {"conversation": self._here, "messages": [], "questions": []}
        for event in events:
            match event:
                case Message(delta=False):
                    found["messages"].append(event.text)
                case ErrorEvent():
                    found["messages"].append(event.text)
                case Question():
                    found["questions"] += [question.model_dump(mode="json") for question in event.questions]
                case PlanProposed():
                    found["plan"] = _in_short(event)
                case Result():
                    found["result"] = {
                        "status": event.status,
                        "outputs": event.outputs,
                        "error": event.error.text if event.error else None,
                    }
                case _:
                    pass
        return found

    def _hear(self, event: Event) -> None:
        if event.conversation == self._here:
            self._heard.append(event)
            self._state = event if isinstance(event, State) else self._state

    @property
    def _context(self) -> Context:
        """What the last turn left open: so that "make it westeurope" speaks of the plan that was just made."""
        fresh = Context(today=self._desk.today(), conversation=self._here, person=self._desk.person.key)
        left = self._state
        if left is None:
            return fresh
        return replace(
            fresh,
            open_slots=left.open_questions,
            drafts=left.requests,
            plan_pending=left.pending_plan is not None,
            workspaces=tuple(d.workspace_name for d in left.deployments),
        )


def _texts(given: object) -> Iterator[str]:
    """Every text in these arguments; each pair of a map as it would be typed."""
    match given:
        case str():
            yield given
        case Mapping():
            for name, value in cast("Mapping[object, object]", given).items():
                yield f"{name}={value}" if isinstance(value, str) else str(name)
                yield from _texts(value)
        case list():
            for value in cast("list[object]", given):
                yield from _texts(value)
        case _:
            return


def _in_short(plan: PlanProposed) -> Answer:
    whole = plan.as_json()
    kept = (
        "plan_id",
        "digest",
        "action",
        "decision",
        "cost",
        "policy",
        "resources",
        "target",
        "approvers",
        "expires_at",
        "confirm",
    )
    return {key: whole[key] for key in kept}


def server_of(functions: Functions, desk: McpSession, *, elicits: bool) -> "Server[Any]":
    """The server with its functions. `elicits` says whether a client's person may confirm by elicitation."""
    from mcp.server import Server  # half a second, for this command only
    from mcp.types import TextContent

    server: Server[Any] = Server("brickie")

    @server.list_tools()  # pyright: ignore[reportUntypedFunctionDecorator,reportUnknownMemberType,reportArgumentType]
    async def listed() -> "list[Tool]":  # pyright: ignore[reportUnusedFunction]
        return tools(desk.words)

    @server.call_tool()  # pyright: ignore[reportUnknownMemberType]
    async def called(name: str, given: dict[str, Any]) -> Sequence[TextContent]:  # pyright: ignore[reportUnusedFunction]
        async def ask(plan: PlanProposed) -> str | None:
            return await _elicited(server, plan) if elicits else None

        answer = await functions.call(name, given, ask)
        return [TextContent(type="text", text=json.dumps(answer, ensure_ascii=False))]

    return server


def tools(words: Mapping[str, str]) -> "list[Tool]":
    """What the assistant is told of each function."""
    from mcp.types import Tool, ToolAnnotations

    def reads(name: str) -> bool:
        return name not in ("deploy", "destroy")

    return [
        Tool(
            name=name,
            description=words[name],
            inputSchema=model.model_json_schema(),
            annotations=ToolAnnotations(readOnlyHint=reads(name), destructiveHint=False, openWorldHint=False),
        )
        for name, model in _MODELS.items()
    ]


async def _elicited(server: "Server[Any]", plan: PlanProposed) -> str | None:
    """What the client's person answers about this plan; None when the client cannot ask, or they decline."""
    from mcp.types import ClientCapabilities, ElicitationCapability

    session = server.request_context.session
    if not session.check_client_capability(ClientCapabilities(elicitation=ElicitationCapability())):
        return None
    phrase = plan.confirm.phrase or "apply"
    names = [item.decision.workspace_name for item in plan.items]
    month = f"{plan.cost.expected:,.2f} {plan.cost.currency} a month"
    message = (
        f"Brickie: {plan.action} {', '.join(names)} in {plan.target.subscription or plan.target.mode}, expected"
        f" {month} (plan {plan.plan_id}, digest {plan.digest[:12]})."
        f" To {deed(plan.action, names, plan.cost)}, type {phrase} exactly."
    )
    schema = {
        "type": "object",
        "properties": {"answer": {"type": "string", "title": f"Type {phrase}"}},
        "required": ["answer"],
    }
    answered = await session.elicit_form(message, schema)
    content = answered.content or {}
    return phrase if answered.action == "accept" and content.get("answer") == phrase else None


def serve(app: McpApp, desk: McpSession, *, elicits: bool) -> int:
    """Serves until the client leaves. Raises ConfigurationError without the package `mcp`."""
    try:
        from mcp.server.stdio import stdio_server
    except ImportError as error:
        raise ConfigurationError(
            "serving an assistant", "the package mcp is not installed.", "Install brickie with the extra [mcp]."
        ) from error

    async def run() -> None:
        server = server_of(Functions(app, desk), desk, elicits=elicits)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())
        await app.close()

    asyncio.run(run())
    return 0
