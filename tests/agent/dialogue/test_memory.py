"""What a conversation remembers, and what a brain may know of it."""

from datetime import date

from agent.dialogue.advance import WorkspaceIndex
from agent.dialogue.drafts import Draft
from agent.dialogue.memory import MOST_SAID, context_of, remembered
from agent.dialogue.state import Conversation, PendingPlan
from agent.events import Message
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context, EarlierMessage

TERNS = InfrastructureRequest(team="terns")


def test_both_sides_are_remembered_in_order_and_shortened() -> None:
    ours = Message(conversation="cnv", turn=1, text="Which environment?")
    said = remembered((), "x" * 500, [ours])
    assert said == (EarlierMessage("person", "x" * 400), EarlierMessage("brickie", "Which environment?"))


def test_what_comes_piece_by_piece_is_remembered_once() -> None:
    piece = Message(conversation="cnv", turn=1, text="Which", delta=True)
    assert remembered((), None, [piece]) == ()
    assert remembered((), "   ", []) == ()


def test_the_oldest_is_forgotten_first() -> None:
    earlier = tuple(EarlierMessage("person", str(number)) for number in range(MOST_SAID))
    said = remembered(earlier, "newest", [])
    assert (len(said), said[0], said[-1]) == (56, EarlierMessage("person", "1"), EarlierMessage("person", "newest"))


def test_a_brain_is_told_drafts_questions_and_names_the_last_spoken_of_first() -> None:
    conversation = Conversation(
        id="cnv",
        turn=3,
        drafts=(Draft(request=TERNS),),
        asked=("environment",),
        pending=PendingPlan(plan_id="pln_1", digest="one"),
        workspaces=("dbw-terns-dev", "dbw-gone-dev"),
        said=(EarlierMessage("person", "hi"),),
    )
    index = WorkspaceIndex(deployed=frozenset({"dbw-terns-dev", "dbw-gulls-dev", "dbw-auks-dev"}))
    context = context_of(conversation, index, Context(today=date(2026, 7, 10), person="os:ada"))
    assert context == Context(
        today=date(2026, 7, 10),
        open_slots=("environment",),
        drafts=(TERNS,),
        plan_pending=True,
        workspaces=("dbw-terns-dev", "dbw-auks-dev", "dbw-gulls-dev"),
        spoken_of=1,
        conversation="cnv",
        person="os:ada",
        said=(EarlierMessage("person", "hi"),),
        turn=3,
    )
