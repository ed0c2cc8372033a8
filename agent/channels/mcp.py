"""The reading and proposing functions for an assistant in an IDE, over standard input and output.

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
from agent.version import installed_version
from agent.wording import deed, error_of, phrase
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
    async def priced(self, region: str, currency: str) -> PlatformSettings: ...
    async def close(self) -> None: ...


_MOST_CHARACTERS = 8_000
"""Of a request that an assistant passes on; a person's own list of 400 rows comes by a person's own channel."""


class TextInput(BaseModel):
    """A request in a person's words."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=_MOST_CHARACTERS)


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
    """Who speaks, under which settings, on what day, and what each function is said to do (name → description)."""

    person: Person
    platform: PlatformSettings
    today: Callable[[], date]
    descriptions: Mapping[str, str]


class McpFunctions:
    """The functions of one session; they share one conversation."""

    def __init__(self, app: McpApp, session: McpSession) -> None:
        self._app = app
        self._session = session
        self._here = f"mcp_{uuid.uuid4().hex[:12]}"
        self._heard: list[Event] = []
        self._state: State | None = None
        self._turn = asyncio.Lock()
        app.listen(self._hear)

    async def call(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> Answer:
        """The answer as JSON values; {"error": …} in words that are safe to show. Never raises."""
        try:
            return await self._called(name, arguments, ask)
        except ValidationError as error:
            problems = error.errors(include_url=False, include_input=False)
            return {"error": [f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems[:5]]}
        except InfraError as error:
            return {"error": phrase("channels.mcp.error", problem=error.problem, remedy=error.remedy)}
        except Exception:  # noqa: BLE001 - the rim: a foreign error's text goes to no assistant
            fault = logged_fault(_log, "a function failed")
            return {"error": phrase("channels.mcp.fault", fault=fault)}

    async def _called(self, name: str, arguments: Mapping[str, Any], ask: Ask) -> Answer:
        model = _MODELS.get(name)
        if model is None:
            raise error_of(InvalidRequest, "channels.mcp.no_function", name=name[:40], names=", ".join(_MODELS))
        # Before anything is validated: a complaint about an argument might repeat the secret in it.
        demand_none(phrase("channels.mcp.no_function.doing"), _texts(arguments))
        call = model.model_validate(dict(arguments))
        match call:
            case TextInput():
                return await self._worded(name, call.text, ask)
            case InfrastructureRequest():
                return decide(
                    call, self._session.platform, identity="proposal", today=self._session.today()
                ).model_dump(mode="json", exclude_none=True)
            case DecisionInput():
                platform = await self._app.priced(call.decision.region, call.decision.currency)
                return estimate(call.decision, platform).model_dump(mode="json")
            case NameInput() if name == "destroy":
                request = InfrastructureRequest(workspace_name=call.workspace_name)
                return await self._proposed(Understanding("destroy", (Statement(request),)), ask)
            case _:
                # Everything else only reads, an extension, too: it would move a date without a plan.
                fields = call.model_dump(mode="json", exclude_none=True)
                return await self._app.look(self._context, name, fields)

    async def _worded(self, name: str, text: str, ask: Ask) -> Answer:
        understood = await self._app.understand(text, self._context)
        if name == "parse":
            return {
                "act": understood.act,
                "requests": [r.model_dump(mode="json", exclude_none=True) for r in understood.requests],
                "in_doubt": [doubt.slot for doubt in understood.doubts],
            }
        # "yes, deploy it" among them: what an assistant passes on is never a consent.
        if understood.act not in _REQUESTS or not understood.requests:
            raise error_of(InvalidRequest, "channels.mcp.no_request")
        return await self._proposed(understood, ask)

    async def _proposed(self, understood: Understanding, ask: Ask) -> Answer:
        """A turn with this understanding, up to the plan; then the person is asked, where they can be."""
        # One at a time: what is heard meanwhile belongs to this turn.
        async with self._turn:
            events = await self._replies(
                Incoming(conversation=self._here, person=self._session.person, understood=understood)
            )
            plan = next((event for event in events if isinstance(event, PlanProposed)), None)
            answer = self._answer(events)
            if plan is None:
                return answer
            # Asked while the turn is held: no other call can replace the plan that the person looks at.
            typed = await ask(plan)
            if typed is None:
                return answer | {"next": phrase("channels.mcp.next")}
            button = Button(action="confirm", plan_id=plan.plan_id, digest=plan.digest, value=typed)
            events = await self._replies(Incoming(conversation=self._here, person=self._session.person, button=button))
            return answer | {"confirmed": self._answer(events)}

    async def _replies(self, incoming: Incoming) -> Sequence[Event]:
        self._heard.clear()
        await self._app.reply_to(incoming, until_settled=True)
        return tuple(self._heard)

    def _answer(self, events: Sequence[Event]) -> Answer:
        """What these events say, in short."""
        answer: Answer = {"conversation": self._here, "messages": [], "questions": []}
        for event in events:
            match event:
                case Message(delta=False):
                    answer["messages"].append(event.text)
                case ErrorEvent():
                    answer["messages"].append(event.text)
                case Question():
                    answer["questions"] += [question.model_dump(mode="json") for question in event.questions]
                case PlanProposed():
                    answer["plan"] = _in_short(event)
                case Result():
                    answer["result"] = {
                        "status": event.status,
                        "outputs": event.outputs,
                        "error": event.error.text if event.error else None,
                    }
                case _:
                    pass
        return answer

    def _hear(self, event: Event) -> None:
        if event.conversation == self._here:
            self._heard.append(event)
            self._state = event if isinstance(event, State) else self._state

    @property
    def _context(self) -> Context:
        """What the last turn left open: so that "make it westeurope" speaks of the plan that was just made."""
        fresh = Context(today=self._session.today(), conversation=self._here, person=self._session.person.key)
        state = self._state
        if state is None:
            return fresh
        return replace(
            fresh,
            open_slots=state.open_questions,
            drafts=state.requests,
            plan_pending=state.pending_plan is not None,
            workspaces=tuple(d.workspace_name for d in state.deployments),
        )


def _texts(argument: object) -> Iterator[str]:
    """Every text in these arguments; each pair of a map as it would be typed."""
    match argument:
        case str():
            yield argument
        case Mapping():
            for name, value in cast("Mapping[object, object]", argument).items():
                yield f"{name}={value}" if isinstance(value, str) else str(name)
                yield from _texts(value)
        case list():
            for value in cast("list[object]", argument):
                yield from _texts(value)
        case _:
            return


def _in_short(plan: PlanProposed) -> Answer:
    whole = plan.as_json()
    shown = (
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
    return {key: whole[key] for key in shown}


def server_of(functions: McpFunctions, session: McpSession, *, elicits: bool) -> "Server[Any]":
    """The server with its functions. `elicits` says whether a client's person may confirm by elicitation."""
    from mcp.server import Server  # half a second, for this command only
    from mcp.types import TextContent

    server: Server[Any] = Server("brickie", version=installed_version())

    async def listed() -> "list[Tool]":
        return tools(session.descriptions)

    async def called(name: str, arguments: dict[str, Any]) -> Sequence[TextContent]:
        async def ask(plan: PlanProposed) -> str | None:
            return await _elicited(server, plan) if elicits else None

        answer = await functions.call(name, arguments, ask)
        return [TextContent(type="text", text=json.dumps(answer, ensure_ascii=False))]

    # The package's own decorators say nothing of what they take or give: two functions, called by it alone.
    register = cast("Any", server)
    register.list_tools()(listed)
    register.call_tool()(called)
    return server


def tools(descriptions: Mapping[str, str]) -> "list[Tool]":
    """What the assistant is told of each function."""
    from mcp.types import Tool, ToolAnnotations

    def reads(name: str) -> bool:
        return name not in ("deploy", "destroy")

    return [
        Tool(
            name=name,
            description=descriptions[name],
            inputSchema=_schema(model),
            annotations=ToolAnnotations(readOnlyHint=reads(name), destructiveHint=False, openWorldHint=False),
        )
        for name, model in _MODELS.items()
    ]


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """The function's arguments as JSON Schema; what a text is for comes from our words, which are read when needed."""
    schema = model.model_json_schema()
    if model is TextInput:
        text = schema["properties"]["text"]
        schema["properties"]["text"] = {"description": phrase("channels.mcp.text"), **text}
    return schema


async def _elicited(server: "Server[Any]", plan: PlanProposed) -> str | None:
    """What the client's person answers about this plan; None when the client cannot ask, or they decline."""
    from mcp.types import ClientCapabilities, ElicitationCapability

    session = server.request_context.session
    if not session.check_client_capability(ClientCapabilities(elicitation=ElicitationCapability())):
        return None
    typed = plan.confirm.phrase or "apply"
    names = [item.decision.workspace_name for item in plan.items]
    question = phrase(
        "channels.mcp.question",
        action=plan.action,
        names=", ".join(names),
        target=plan.target.subscription or plan.target.mode,
        expected=f"{plan.cost.expected:,.2f} {plan.cost.currency}",
        plan_id=plan.plan_id,
        digest=plan.digest[:12],
        deed=deed(plan.action, names, plan.cost),
        phrase=typed,
    )
    schema = {
        "type": "object",
        "properties": {"answer": {"type": "string", "title": phrase("channels.mcp.type", phrase=typed)}},
        "required": ["answer"],
    }
    # To accept the form is no consent: a client may do that by itself. The word must be typed.
    answer = await session.elicit_form(question, schema)
    content = answer.content or {}
    return typed if answer.action == "accept" and content.get("answer") == typed else None


def serve(app: McpApp, session: McpSession, *, elicits: bool) -> int:
    """Serves until the client leaves. Raises ConfigurationError without the package `mcp`."""
    try:
        from mcp.server.stdio import stdio_server
    except ImportError as error:
        raise error_of(ConfigurationError, "channels.mcp.not_installed") from error

    async def run() -> None:
        server = server_of(McpFunctions(app, session), session, elicits=elicits)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())
        await app.close()

    asyncio.run(run())
    return 0
