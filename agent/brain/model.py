"""The brain with a model: the model reads, code verifies, and the rules take every turn that the model cannot.

Nothing here knows Semantic Kernel: a `ModelClient` speaks to the model, and is made when it is first needed.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

from agent.brain.answer_check import AnswerCheck, sentences
from agent.brain.failures import ModelFailed, failure_of
from agent.brain.grounding.understanding import verified
from agent.brain.grounding.workspace import MessageInContext
from agent.brain.limits import Breaker, ModelBudget, Usage
from agent.brain.model_output import ModelReading
from agent.brain.protocol import Brain, PhrasingRequest
from agent.brain.reader import Reader
from agent.metrics import count
from agent.settings import ModelSettings
from agent.telemetry import span
from plugins.domain.understanding import Context, Understanding

MOST_CHARACTERS = 8_000
"""Longest message that a model is asked about: a list of hundreds of workspaces is read by the rules, exactly."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class ModelClient(Protocol):
    """Speaks to a model. Raises whatever goes wrong; `failure_of` tells it apart. `note` hears of every call."""

    async def reading(self, text: str, context: Context, note: Callable[[Usage], None]) -> ModelReading: ...

    def phrase(
        self, question: PhrasingRequest, context: Context, note: Callable[[Usage], None]
    ) -> AsyncGenerator[str]: ...

    async def close(self) -> None: ...


@dataclass(frozen=True)
class ModelDependencies:
    """What the brain works with: how to get a client, the rules behind it, who reads texts, and the words for every
    failure.

    `words` maps a kind of failure to what the person is told; `spent` hears of every call; `clock` gives monotonic
    seconds.
    """

    make_client: Callable[[], Awaitable[ModelClient]]
    rules: Brain
    reader: Reader
    settings: ModelSettings
    words: Mapping[str, str]
    spent: Callable[[Usage], None]
    clock: Callable[[], float] = time.monotonic


class ModelBrain:
    """One for the whole process; conversations share it and nothing of one reaches another."""

    def __init__(self, around: ModelDependencies) -> None:
        self._around = around
        self._limits = ModelBudget(around.settings.limits, around.clock)
        self._breaker = Breaker(around.clock)
        self._client: ModelClient | None = None
        self._making = asyncio.Lock()

    async def understand(self, text: str, context: Context) -> Understanding:
        """The message as the model read it and code bears it out; the rules' reading, with a notice, when it cannot."""
        if not text.strip():
            return await self._around.rules.understand(text, context)
        reading = asyncio.ensure_future(self._read(text, context))
        try:
            await asyncio.sleep(0)
            # What the rules say of languages is not true of a model.
            ruled = replace(await self._around.rules.understand(text, context), notice="")
            read = await reading
        finally:
            reading.cancel()
        if isinstance(read, ModelFailed):
            return replace(ruled, notice=self._notice(read))
        work = partial(verified, read, MessageInContext(text, context, ruled))
        return await self._around.reader.read(work, length=len(text), person=context.person)

    async def _read(self, text: str, context: Context) -> ModelReading | ModelFailed:
        with span("brain", **{"brickie.conversation": context.conversation}) as noted:
            try:
                return await self._asked(context, lambda client, note: _reading(client, text, context, note))
            except ModelFailed as failure:
                noted("brickie.brain.failure", failure.kind)
                return failure
            finally:
                tokens, money = self._limits.used(context.conversation)
                noted("brickie.conversation.tokens", tokens)
                noted("brickie.conversation.money", float(money))

    async def phrase(self, question: PhrasingRequest, context: Context, tell: Callable[[str], None]) -> str | None:
        """Words for a free answer, sentence by sentence, each checked against the facts before it is told."""
        if not self._around.settings.phrase:
            return None

        checked = AnswerCheck(question)

        async def spoken(client: ModelClient, note: Callable[[Usage], None]) -> None:
            async with aclosing(sentences(client.phrase(question, context, note))) as stream:
                async for sentence in stream:
                    if not checked.takes(sentence):
                        break
                    tell(sentence)

        try:
            await self._asked(context, spoken)
        except ModelFailed:
            return checked.broken_off
        return checked.whole

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def _asked(self, context: Context, work: Callable[[ModelClient, Callable[[Usage], None]], Awaitable[T]]) -> T:
        """The result of this work at the model, within every limit. Raises ModelFailed."""
        person, conversation = context.person, context.conversation

        def note(usage: Usage) -> None:
            self._limits.note(person, conversation, usage)
            self._around.spent(usage)
            _count_call(usage)

        self._breaker.check()
        try:
            self._limits.check(person, conversation)
            async with asyncio.timeout(self._around.settings.turn_seconds):
                client = await self._connected()
                result = await work(client, note)
        except asyncio.CancelledError:
            self._breaker.gave_up()
            raise
        except Exception as error:  # noqa: BLE001 - the rim: every foreign error becomes one of our kinds
            failure = failure_of(error)
            _log.info("the model did not answer: %s (%s)", failure.kind, type(error).__name__)
            self._breaker.failed(failure)
            raise failure from None
        self._breaker.succeeded()
        return result

    async def _connected(self) -> ModelClient:
        """The one client, made once however many turns ask for it at the same time."""
        async with self._making:
            if self._client is None:
                self._client = await self._around.make_client()
            return self._client

    def _notice(self, failure: ModelFailed) -> str:
        return self._around.words.get(failure.kind, self._around.words["nonsense"])


def _count_call(usage: Usage) -> None:
    count("brickie.model.calls")
    count("brickie.model.tokens", usage.input, direction="input")
    count("brickie.model.tokens", usage.output, direction="output")
    if usage.money is not None:
        count("brickie.model.money", float(usage.money))


async def _reading(client: ModelClient, text: str, context: Context, note: Callable[[Usage], None]) -> ModelReading:
    if len(text) > MOST_CHARACTERS:
        raise ModelFailed("too_long")
    return await client.reading(text, context, note)
