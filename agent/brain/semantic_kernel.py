"""The client through Semantic Kernel: one agent, one kernel, shared by every conversation.

The kernel holds functions that read and propose; none applies. The model answers a message by calling `understood`,
which ends its turn: one call for an ordinary message. Who speaks is a context variable, never a parameter that a model
could set. History is built anew for each call from our own records, and nothing is kept in the agent.
Traps that this file works around: semantic-kernel 1.45 lets everything through an empty allow-list, gives exceptions'
text to the model, and crashes on arguments with names that it takes for itself.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion
from pydantic import ValidationError
from semantic_kernel import Kernel
from semantic_kernel.agents import AgentResponseItem, ChatCompletionAgent, ChatHistoryAgentThread
from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion, OpenAIChatPromptExecutionSettings
from semantic_kernel.connectors.ai.prompt_execution_settings import PromptExecutionSettings
from semantic_kernel.contents import ChatHistory, ChatMessageContent, StreamingChatMessageContent
from semantic_kernel.filters import AutoFunctionInvocationContext, FilterTypes
from semantic_kernel.functions import FunctionResult, KernelArguments, KernelPlugin

from agent.brain.failures import LONGEST_WAIT, ModelFailed, failure_of
from agent.brain.limits import Usage, priced
from agent.brain.model_output import ModelReading
from agent.brain.protocol import Brain, PhrasingRequest
from agent.settings import ModelSettings
from agent.telemetry import span
from agent.wording import phrase
from plugins.databricks.lookups import INPUTS, Lookup
from plugins.databricks.plugin import lookup_functions
from plugins.decide.plugin import decide_function
from plugins.deploy.plugin import deploy_function
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.understanding import Context
from plugins.estimate.plugin import estimate_function
from plugins.kernel_face import face
from plugins.parse.plugin import parse_function

PLUGIN = "brickie"
READER = f"{PLUGIN}-understood"
ALLOWED = frozenset(
    f"{PLUGIN}-{name}" for name in ("understood", "parse", "decide", "estimate_cost", "deploy", *INPUTS)
)

MOST_MESSAGES = 60
MOST_CALLS = 4
"""Calls of the model for one message: the reading, a look-up, two repairs."""

MOST_REPAIRS = 2
_SERVICE = "model"
_LARGEST_RESULT = 6_000
_LARGEST_STATE = 12_000
_RETRIED = frozenset({"busy", "server", "unreachable"})
_FENCE = re.compile(r"\{.*\}", re.DOTALL)

LookFor = Callable[[Context, Lookup, Mapping[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Prompts:
    """The words that the model reads, as they stand in prompts/."""

    understand: str
    phrase: str
    repair: str
    functions: Mapping[str, str]


@dataclass(frozen=True)
class KernelClientParts:
    """What the client is made of. `look` looks things up for whoever the context names; `looking` hears of it
    before it begins. `rules` read what the model has read for itself.
    """

    settings: ModelSettings
    platform: PlatformSettings
    today: Callable[[], date]
    templates: Path
    look: LookFor
    prompts: Prompts
    looking: Callable[[Context, str], None]
    rules: Brain


@dataclass
class _Turn:
    """What one message is doing at the model. Never shared, never kept."""

    context: Context
    note: Callable[[Usage], None]
    settings: ModelSettings
    looking: Callable[[Context, str], None]
    reading: ModelReading | None = None
    calls: int = 0
    spoilt: int = 0
    tried: list[str] = field(default_factory=list[str])


_TURN: ContextVar[_Turn | None] = ContextVar("brickie_turn", default=None)


class SemanticKernelClient:
    """Speaks to the model behind this service; every conversation may use it at once."""

    def __init__(self, service: ChatCompletionClientBase, parts: KernelClientParts) -> None:
        self._parts = parts
        self._kernel = kernel_of(parts)
        self._kernel.add_service(service)
        self._service = service
        self._agent = ChatCompletionAgent(id="brickie", name="brickie", kernel=self._kernel)

    async def reading(self, text: str, context: Context, note: Callable[[Usage], None]) -> ModelReading:
        """What the model reads in this text; bad calls are repaired at most twice, on a history that is thrown away."""
        turn = _Turn(context, note, self._parts.settings, self._parts.looking)
        history = _history(self._parts.prompts.understand, text, context)
        token = _TURN.set(turn)
        try:
            for _ in range(MOST_REPAIRS + 1):
                answer = await self._once(history, turn)
                if turn.reading is None and answer is not None:
                    turn.reading = _in_words(answer)
                if turn.reading is not None:
                    return turn.reading
                if turn.spoilt > MOST_REPAIRS:
                    break
                turn.spoilt += 1
                history = _history(self._parts.prompts.understand, text, context)
                problem = turn.tried[-1] if turn.tried else phrase("brain.to_model.answered_in_text")
                history.add_user_message(self._parts.prompts.repair.replace("{problem}", problem))
        finally:
            _TURN.reset(token)
        raise ModelFailed("nonsense" if turn.tried else "no_tools")

    async def _once(self, history: ChatHistory, turn: _Turn) -> ChatMessageContent | None:
        last: ChatMessageContent | None = None
        try:
            async with aclosing(self._whole(history)) as answers:
                async for answer in answers:
                    last = answer
        except (AttributeError, TypeError, IndexError):
            if turn.calls == 0 or turn.calls >= MOST_CALLS:
                raise
            turn.tried.append(phrase("brain.to_model.unknown_arguments"))
            return None
        return last

    async def phrase(
        self, question: PhrasingRequest, context: Context, note: Callable[[Usage], None]
    ) -> AsyncGenerator[str]:
        """The model's answer in pieces. No function can be called."""
        history = ChatHistory(system_message=self._parts.prompts.phrase)
        history.add_user_message(f"<facts>\n{_capped(question.facts, _LARGEST_STATE)}\n</facts>")
        history.add_user_message(question.text)
        turn = _Turn(context, note, self._parts.settings, self._parts.looking)
        token = _TURN.set(turn)
        try:
            async with aclosing(self._streamed(history)) as pieces:
                async for piece in pieces:
                    _note_usage(turn, piece.metadata.get("usage"))
                    ended = _finish(piece)
                    if ended in ("content_filter", "length"):
                        raise ModelFailed("filtered" if ended == "content_filter" else "cut")
                    if piece.content:
                        yield piece.content
        finally:
            if _TURN.get() is turn:
                _TURN.reset(token)

    async def _whole(self, history: ChatHistory) -> AsyncGenerator[ChatMessageContent]:
        """The agent's messages, with every allowed function in its reach."""
        behavior: FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(  # pyright: ignore[reportUnknownMemberType] - partly untyped
            filters={"included_functions": sorted(ALLOWED)}, maximum_auto_invoke_attempts=MOST_CALLS + 1
        )
        stream = cast(
            "AsyncGenerator[AgentResponseItem[ChatMessageContent]]", self._agent.invoke(**self._said(history, behavior))
        )
        async with aclosing(stream) as items:
            async for item in items:
                yield item.message

    async def _streamed(self, history: ChatHistory) -> AsyncGenerator[StreamingChatMessageContent]:
        """The pieces of the agent's answer, with no function in its reach."""
        behavior: FunctionChoiceBehavior = FunctionChoiceBehavior.NoneInvoke(enable_kernel_functions=False)  # pyright: ignore[reportUnknownMemberType] - as above
        stream = cast(
            "AsyncGenerator[AgentResponseItem[StreamingChatMessageContent]]",
            self._agent.invoke_stream(**self._said(history, behavior)),
        )
        async with aclosing(stream) as items:
            async for item in items:
                yield item.message

    async def close(self) -> None:
        if isinstance(self._service, EndpointService):
            await self._service.client.close()

    def _said(self, history: ChatHistory, behavior: FunctionChoiceBehavior) -> dict[str, Any]:
        """What is handed to the agent: new settings for each call, since shared ones carry one person's into another's
        turn.
        """
        settings = OpenAIChatPromptExecutionSettings(
            service_id=_SERVICE, temperature=self._parts.settings.temperature, function_choice_behavior=behavior
        )
        return {"thread": ChatHistoryAgentThread(chat_history=history), "arguments": KernelArguments(settings=settings)}


class EndpointService(OpenAIChatCompletion):
    """Semantic Kernel's service with our patience: one retry, a Retry-After up to ten seconds, a hard cap of calls."""

    async def _send_request(self, settings: PromptExecutionSettings) -> Any:
        turn = _begun()
        attributes: dict[str, str | int] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": self.ai_model_id,
            "gen_ai.system": "openai",
        }
        with span(f"chat {self.ai_model_id}", **attributes) as noted:
            response = await self._patiently(settings)
            if isinstance(response, ChatCompletion):
                _note_usage(turn, response.usage)
                if response.usage is not None:
                    noted("gen_ai.usage.input_tokens", response.usage.prompt_tokens)
                    noted("gen_ai.usage.output_tokens", response.usage.completion_tokens)
                _refuse(response)
        return response

    async def _patiently(self, settings: PromptExecutionSettings) -> Any:
        try:
            return await super()._send_request(settings)
        except Exception as error:
            failure = failure_of(error)
            wait = failure.retry_after if failure.retry_after is not None else 0.5
            if failure.kind not in _RETRIED or wait > LONGEST_WAIT:
                raise failure from error
        await asyncio.sleep(wait)
        return await super()._send_request(settings)


def service_of(client: AsyncOpenAI, model: str) -> EndpointService:
    """The service of a connected client; no environment file is read for it."""
    # Its own constructor hides behind pydantic's, whose fields are others.
    named = {"ai_model_id": model, "async_client": client, "service_id": _SERVICE, "env_file_path": "/dev/null"}
    return EndpointService(**named)  # pyright: ignore[reportArgumentType] - see above


def kernel_of(parts: KernelClientParts) -> Kernel:
    """The kernel with every function that a model may call. Raises TypeError when it holds anything else."""
    words = parts.prompts.functions
    functions = [
        face("understood", words["understood"], ModelReading, _take),
        parse_function(words, parts.today(), parts.rules.understand),
        decide_function(words, parts.platform, parts.today()),
        estimate_function(words, parts.platform),
        deploy_function(words, parts.platform, parts.templates),
        *lookup_functions(words, lambda verb, arguments: _looked_up(parts.look, verb, arguments)),
    ]
    kernel = Kernel()
    kernel.add_plugin(KernelPlugin(name=PLUGIN, functions=functions))
    kernel.add_filter(FilterTypes.AUTO_FUNCTION_INVOCATION, _guarded)  # pyright: ignore[reportUnknownMemberType] - untyped
    advertised = {f.fully_qualified_name for f in kernel.get_full_list_of_function_metadata()}
    wrong = ALLOWED.symmetric_difference(advertised)
    if not ALLOWED or wrong:
        raise TypeError(f"the kernel holds {sorted(wrong)} too many or too few")
    return kernel


async def _take(reading: ModelReading) -> dict[str, Any]:
    turn = _TURN.get()
    if turn is not None and turn.reading is None:
        turn.reading = reading
    return {"taken": turn is not None}


async def _looked_up(look: LookFor, verb: Lookup, arguments: Mapping[str, Any]) -> dict[str, Any]:
    turn = _TURN.get()
    if turn is None:
        return {"error": phrase("brain.to_model.nobody_speaks")}
    return await look(turn.context, verb, arguments)


async def _guarded(context: AutoFunctionInvocationContext, next: Callable[..., Awaitable[None]]) -> None:  # noqa: A002 - bound by that name
    """The wall around every call of the model: the allow-list, a turn, capped and marked results, an end."""
    turn, name = _TURN.get(), context.function.fully_qualified_name
    if turn is None or name not in ALLOWED:
        context.function_result = _result(context, {"error": phrase("brain.to_model.not_to_be_called")})
        context.terminate = True
        return
    if turn.reading is not None:
        context.function_result = _result(context, {"error": phrase("brain.to_model.turn_ended")})
        context.terminate = True
        return
    if name != READER:
        turn.looking(turn.context, name.removeprefix(f"{PLUGIN}-"))
    with span(f"execute_tool {name}", **{"gen_ai.tool.name": name}):
        await next(context)
    text = str(context.function_result)
    if name == READER:
        context.terminate = turn.reading is not None
        if turn.reading is None:
            turn.spoilt += 1
            turn.tried.append(_capped(text, 400))
            context.terminate = turn.spoilt > MOST_REPAIRS
        return
    context.function_result = _result(context, {"data": _capped(text, _LARGEST_RESULT)})


def _result(context: AutoFunctionInvocationContext, value: Mapping[str, Any]) -> FunctionResult:
    return FunctionResult(function=context.function.metadata, value=json.dumps(value, ensure_ascii=False))


def _begun() -> _Turn:
    """The turn that speaks now, with this call counted. Raises ModelFailed when it has called often enough."""
    turn = _TURN.get()
    if turn is None:
        raise ModelFailed("misconfigured")
    turn.calls += 1
    if turn.calls > MOST_CALLS:
        raise ModelFailed("nonsense")
    return turn


def _note_usage(turn: _Turn, usage: Any) -> None:
    if usage is not None:
        turn.note(priced(usage.prompt_tokens or 0, usage.completion_tokens or 0, turn.settings))


def _refuse(response: ChatCompletion) -> None:
    """Raises ModelFailed for an answer that is a refusal, or that a content filter cut."""
    if not response.choices:
        raise ModelFailed("nonsense")
    choice = response.choices[0]
    if choice.finish_reason == "content_filter":
        raise ModelFailed("filtered")
    if choice.message.refusal:
        raise ModelFailed("refused")


def _finish(message: Any) -> str | None:
    choices = getattr(message.inner_content, "choices", None)
    return choices[0].finish_reason if choices else None


def _history(system: str, text: str, context: Context) -> ChatHistory:
    """At most sixty messages: what the model is for, what was said, how the conversation stands, the latest message."""
    history = ChatHistory(system_message=system)
    for line in context.said[-(MOST_MESSAGES - 4) :]:
        (history.add_user_message if line.who == "person" else history.add_assistant_message)(line.text)
    history.add_user_message(f"<state>\n{_state(context)}\n</state>")
    history.add_user_message(text)
    return history


def _state(context: Context) -> str:
    state = {
        "today": context.today.isoformat(),
        "open_questions": context.open_slots,
        "drafts": [draft.model_dump(mode="json", exclude_defaults=True) for draft in context.drafts[:20]],
        "plan_pending": context.plan_pending,
        "workspaces": context.workspaces[:50],
    }
    return _capped(json.dumps(state, ensure_ascii=False).replace("<", "\\u003c"), _LARGEST_STATE)


def _in_words(answer: ChatMessageContent) -> ModelReading | None:
    """A reading that a model without function calls wrote as JSON; None when it is none."""
    written = _FENCE.search(answer.content or "")
    if written is None or answer.role.value != "assistant":
        return None
    try:
        return ModelReading.model_validate_json(written[0])
    except ValidationError:
        return None


def _capped(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + " … (cut)"
