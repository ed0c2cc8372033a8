"""What an approver who did not ask says of a plan goes to whoever asked, and changes nothing."""

from one_turn import FERN, INES, MINT, NOW, RITA, TOM, OneTurn, text

from agent.dialogue.state import Conversation
from agent.turn.actions.remark import is_remark, pass_on
from plugins.domain.plan import Person
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Statement, Understanding

REMARK = (
    "Ines, who may decide this plan, remarks: “use vnet”. Rita, say what should change and I plan again; until then the"
    " plan is unchanged and can be decided as it is."
)


def says(act: Act, name: str | None = None) -> Understanding:
    return Understanding(act, (Statement(InfrastructureRequest(workspace_name=name, max_workers=4)),))


def test_a_change_that_an_approver_names_is_a_remark_and_the_askers_own_is_none(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)

    def is_one(by: Person, meant: Understanding) -> bool:
        return is_remark(turn.context(by=by, pending=pending), meant)

    assert [is_one(by, says("amend")) for by in (INES, RITA, TOM)] == [True, False, False]
    assert [is_one(INES, says(act)) for act in ("answer", "cost", "provision", "reject")] == [True, False, False, False]


def test_a_change_of_another_workspace_is_none(turn: OneTurn) -> None:
    turn.deployed(FERN)
    context = turn.context(by=INES, pending=turn.pending("pln_1", MINT))
    assert not is_remark(context, says("amend", "dbw-fern-dev"))
    assert is_remark(context, says("amend", "dbw-mint-dev"))
    assert not is_remark(turn.context(by=INES), says("amend"))


def test_it_is_said_here_where_the_plan_came_from(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)
    outcome = pass_on(turn.context(by=INES, pending=pending, text="use vnet"))
    assert text(outcome) == REMARK
    assert (outcome.conversation.pending, outcome.orders) == (pending, ())
    assert (turn.status_of("pln_1"), turn.deeds()) == (["pending"], ["remarked on the plan"])


def test_from_elsewhere_it_is_told_there(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)
    turn.records.keep_conversation(Conversation(id="cnv", pending=pending), now=NOW, owner="rita")
    outcome = pass_on(turn.context(by=INES, id="ines's", pending=pending, text="use vnet"))
    assert text(outcome) == (
        "I passed that on to Rita, who asked for this plan. It is unchanged, and you can still decide it: yes or no."
    )
    assert [logged.event["text"] for logged in turn.records.logged("cnv", after=0)] == [REMARK]
