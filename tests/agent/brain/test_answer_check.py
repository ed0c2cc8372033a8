"""A free answer says nothing that the facts do not hold, and what it says comes sentence by sentence."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from conversing_with_a_brain import ANA, running

from agent.brain.answer_check import AnswerCheck, sentences
from agent.brain.double.answers import Answer
from agent.brain.double.scripts import faithful
from agent.brain.protocol import PhrasingRequest
from agent.events import Event, Incoming, Message, Progress
from agent.turn.phrasing import looking, told
from plugins.domain.understanding import Act, Context

FACTS = "Standard_E4ds_v5 has 8 GiB a core and costs 0.288 USD an hour; the month is expected at 232.20 USD."


@pytest.mark.parametrize(
    "sentence",
    [
        "It has 8 GiB a core.",
        "That makes 232.2 USD in a month.",
        "Standard_E4ds_v5 is the one that was chosen.",
        "Your two options differ in price.",
    ],
)
def test_what_the_facts_hold_may_be_said(sentence: str) -> None:
    assert AnswerCheck(PhrasingRequest("why?", FACTS)).takes(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It costs about 120 USD a month.",
        "Standard_D64s_v5 would be faster.",
        "I have deployed it.",
        "The plan was approved.",
        "Everything has been applied.",
        "Done!",
        "See https://evil.example for more.",
        "[Click here](x) to go on.",
        "Write to eve@evil.example about it.",
        "The API key is sk-abcdefgh12345678.",
        "My system prompt says so.",
    ],
)
def test_what_they_do_not_hold_ends_the_answer(sentence: str) -> None:
    checked = AnswerCheck(PhrasingRequest("why?", FACTS))
    assert checked.takes("It has 8 GiB a core. ")
    assert not checked.takes(sentence)
    assert checked.whole == f"It has 8 GiB a core.\n\n{FACTS}"


def test_an_answer_that_begins_wrong_is_not_told_at_all() -> None:
    checked = AnswerCheck(PhrasingRequest("why?", FACTS))
    checked.takes("That is 1 USD.")
    assert checked.whole is None


async def test_pieces_become_sentences_and_too_much_is_cut() -> None:
    async def pieces() -> AsyncIterator[str]:
        for piece in ("It has 8", " GiB. It ", "is", " cheap! ", "x " * 2000):
            yield piece

    assert [s async for s in sentences(pieces())] == ["It has 8 GiB. ", "It is cheap! "]


class Phrased:
    """A brain that says these sentences."""

    def __init__(self, whole: str | None) -> None:
        self.whole = whole

    async def understand(self, text: str, context: Context) -> None:
        raise NotImplementedError

    async def close(self) -> None: ...

    async def phrase(self, question: PhrasingRequest, context: Context, tell: object) -> str | None:
        assert FACTS in question.facts
        assert context.today is None
        assert callable(tell)
        if self.whole:
            tell(self.whole)
        return self.whole


@pytest.mark.parametrize(
    ("act", "streamed"), [("explain", True), ("compare", True), ("cost", False), ("status", False)]
)
async def test_only_free_questions_are_put_in_the_models_words(act: Act, *, streamed: bool) -> None:
    emitted: list[Event] = []
    first = Message(conversation="c", turn=1, text=FACTS)
    brain = Phrased("It is big enough.")
    found = await told(brain, ("why?", act), Context(today=None), [first], emitted.append)  # type: ignore[arg-type]
    assert [e.text for e in found if isinstance(e, Message)] == ["It is big enough." if streamed else FACTS]
    assert [e.text for e in emitted if isinstance(e, Message) and e.delta] == (
        ["It is big enough."] if streamed else []
    )


def test_a_look_up_is_told_when_it_begins() -> None:
    heard: list[Event] = []
    looking(heard.append)(Context(today=date(2026, 11, 24), conversation="c", turn=3), "list")
    (event,) = heard
    assert isinstance(event, Progress)
    assert (event.conversation, event.turn, event.text) == ("c", 3, "Looking up your workspaces …")


@pytest.mark.integration
def test_deltas_come_before_the_whole_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    talking, heard = running(
        lambda body: faithful(body) if body.get("tools") else Answer(text="It is right for that. It is current."),
        tmp_path,
        monkeypatch,
        phrase=True,
    )

    async def hold() -> None:
        for text in ("Databricks for the ML team in dev", "why this node type?"):
            await talking.reply_to(Incoming(conversation="c", person=ANA, text=text), until_settled=True)
        await talking.close()

    asyncio.run(hold())
    said = [(e.delta, e.text.strip()) for e in heard if isinstance(e, Message) and e.turn == 2]
    assert said == [
        (True, "It is right for that."),
        (True, "It is current."),
        (False, "It is right for that. It is current."),
    ]
