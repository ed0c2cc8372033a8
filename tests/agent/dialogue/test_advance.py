"""What one understood message makes of a conversation, and which step follows."""

import pytest

from agent.dialogue.advance import WorkspaceIndex, advance, asks_for_end
from agent.dialogue.drafts import Draft, OpenSlot
from agent.dialogue.state import Conversation, PendingPlan, WhatIf
from agent.dialogue.steps import (
    About,
    Ask,
    ChangeDeployed,
    Compare,
    Explain,
    ListDeployed,
    Price,
    Propose,
    Reject,
    Say,
    Step,
)
from plugins.domain.portfolio import Selection
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Doubt, Statement, Understanding

EMPTY = Conversation(id="cnv")
INDEX = WorkspaceIndex(deployed=frozenset({"dbw-terns-dev"}), default_region="westeurope")
TERNS = InfrastructureRequest(team="terns", environment="dev", workload_type="analytics")
DRAFTED = EMPTY.with_(drafts=(Draft(request=TERNS),))
PENDING = DRAFTED.with_(pending=PendingPlan(plan_id="pln_1", digest="one"))


def said(act: Act, *requests: InfrastructureRequest, **more: object) -> Understanding:
    statements = tuple(Statement(request) for request in requests)
    return Understanding(act=act, **{"statements": statements, **more})  # pyright: ignore[reportArgumentType] - by name


def request(**fields: object) -> InfrastructureRequest:
    return InfrastructureRequest.model_validate(fields)


def step(conversation: Conversation, understood: Understanding, index: WorkspaceIndex = INDEX) -> Step:
    return advance(conversation, understood, index)[1]


def test_what_is_open_is_asked() -> None:
    conversation, ask = advance(EMPTY, said("provision", request(team="terns")), INDEX)
    assert ask == Ask((OpenSlot("environment"), OpenSlot("workload_type")))
    assert conversation.asked == ("environment", "workload_type")


def test_three_questions_at_most_are_asked_at_once() -> None:
    nowhere = WorkspaceIndex()
    assert step(EMPTY, said("provision", request()), nowhere) == Ask(
        (OpenSlot("team"), OpenSlot("environment"), OpenSlot("workload_type"))
    )


def test_a_plan_is_proposed_when_nothing_is_open() -> None:
    conversation, propose = advance(EMPTY, said("provision", TERNS), INDEX)
    assert (propose, conversation.asked) == (Propose(), ())
    assert conversation.drafts == (Draft(request=TERNS),)


def test_an_answer_fills_the_draft() -> None:
    half = EMPTY.with_(drafts=(Draft(request=request(team="terns", environment="dev")),), asked=("workload_type",))
    conversation, propose = advance(half, said("answer", request(workload_type="analytics")), INDEX)
    assert (propose, conversation.drafts[0].request) == (Propose(), TERNS)


def test_another_request_puts_the_first_one_aside() -> None:
    gulls = request(team="gulls", environment="dev", workload_type="analytics")
    conversation, _ = advance(PENDING, said("provision", gulls), INDEX)
    assert [draft.request.team for draft in conversation.drafts] == ["gulls"]
    assert [aside.pending for aside in conversation.aside] == [PENDING.pending]


def test_a_further_one_on_top_is_drafted_beside_the_first() -> None:
    prod = request(team="terns", environment="prod", workload_type="analytics")
    conversation, _ = advance(DRAFTED, said("provision", prod, additional=True), INDEX)
    assert [draft.request.environment for draft in conversation.drafts] == ["dev", "prod"]


def test_undo_goes_back_to_the_drafts_before() -> None:
    changed, _ = advance(DRAFTED, said("amend", request(max_workers=8)), INDEX)
    assert changed.drafts[0].request.max_workers == 8
    undone, propose = advance(changed, said("amend", undo=True), INDEX)
    assert (undone.drafts, propose) == (DRAFTED.drafts, Propose())


def test_with_nothing_before_there_is_nothing_to_undo() -> None:
    assert advance(DRAFTED, said("amend", undo=True), INDEX) == (DRAFTED, Say("nothing_to_undo"))


def test_one_of_several_is_taken_out_and_the_last_one_is_not() -> None:
    prod = TERNS.model_copy(update={"environment": "prod"})
    both = EMPTY.with_(drafts=(Draft(request=TERNS), Draft(request=prod)))
    conversation, _ = advance(both, said("amend", remove=(1,)), INDEX)
    assert conversation.drafts == (Draft(request=TERNS),)
    assert advance(both, said("amend", remove=(0, 1)), INDEX) == (both, Say("nothing_left"))


def test_a_change_without_a_draft_needs_something_to_change() -> None:
    assert step(EMPTY, said("amend")) == Say("nothing_to_change")
    assert step(EMPTY, said("answer")) == Say("unclear")


def test_a_change_of_a_deployed_workspace_is_of_that_one() -> None:
    more = request(workspace_name="dbw-terns-dev", max_workers=8)
    assert advance(DRAFTED, said("amend", more), INDEX) == (
        DRAFTED,
        ChangeDeployed("dbw-terns-dev", Statement(more)),
    )


def test_words_that_were_not_used_are_kept_once() -> None:
    conversation, _ = advance(DRAFTED, said("amend", request(max_workers=8), unused=("blue", "blue")), INDEX)
    assert conversation.unused == ("blue",)


def test_starting_over_forgets_the_drafts_and_names_the_plan_for_whoever_voids_it() -> None:
    conversation, say = advance(PENDING, said("reset"), INDEX)
    assert (conversation.drafts, conversation.pending, say) == ((), PENDING.pending, Say("reset"))


def test_turning_down_is_of_the_plan_then_of_the_drafts() -> None:
    assert advance(PENDING, said("reject"), INDEX) == (PENDING, Reject())
    assert advance(DRAFTED, said("reject"), INDEX) == (EMPTY, Say("reset"))
    assert advance(EMPTY, said("reject"), INDEX) == (EMPTY, Say("unclear"))


@pytest.mark.parametrize("act", ["status", "export", "destroy", "history"])
def test_an_act_upon_a_workspace_names_it_or_means_what_is_in_hand(act: Act) -> None:
    assert step(EMPTY, said(act, request(workspace_name="dbw-terns-dev"))) == About(act, "dbw-terns-dev")  # pyright: ignore[reportArgumentType] - one of those four
    assert step(EMPTY, said(act)) == About(act, None)  # pyright: ignore[reportArgumentType] - one of those four


def test_days_answer_the_question_for_them() -> None:
    asking = EMPTY.with_(awaiting="extend", asked=("expires_in_days",), workspaces=("dbw-terns-dev",))
    assert asks_for_end(asking)
    conversation, about = advance(asking, said("answer", request(expires_in_days=14)), INDEX)
    assert about == About("extend", "dbw-terns-dev", 14, is_agreed=True)
    assert (conversation.awaiting, conversation.asked) == (None, ())


def test_days_that_lead_to_no_day_are_asked_again() -> None:
    doubt = Doubt(slot="expires_in_days", kind="invalid", said="yesterday")
    understood = said("extend", request(workspace_name="dbw-terns-dev"), doubts=(doubt,))
    assert step(EMPTY, understood) == About("extend", "dbw-terns-dev", None, doubt=doubt)


def test_a_what_if_is_priced_and_kept_but_not_made() -> None:
    larger = request(max_workers=8)
    conversation, price = advance(DRAFTED, said("cost", larger), INDEX)
    assert price == Price((TERNS.model_copy(update={"max_workers": 8}),), (TERNS,))
    assert conversation.drafts == DRAFTED.drafts
    assert conversation.imagined == WhatIf(statements=(Statement(larger),))


def test_a_price_without_more_is_of_what_is_in_hand() -> None:
    assert step(DRAFTED, said("cost")) == Price((TERNS,))


def test_a_price_of_one_of_several_is_of_that_one_as_it_is() -> None:
    """By what tells it apart, or by its name in the plan; nothing is supposed of the others."""
    staging = TERNS.model_copy(update={"environment": "staging"})
    both = EMPTY.with_(drafts=(Draft(request=TERNS), Draft(request=staging)))
    planned = WorkspaceIndex(pending=("dbw-terns-dev", "dbw-terns-staging"))
    conversation, price = advance(both, said("cost", request(environment="staging")), planned)
    assert (conversation, price) == (both, Price((staging,)))
    assert step(both, said("cost", request(workspace_name="dbw-terns-staging")), planned) == Price((staging,))
    supposed = step(both, said("cost", request(environment="staging", min_workers=4)), planned)
    assert isinstance(supposed, Price)
    assert supposed.before == (TERNS, staging)


def test_a_price_of_a_deployed_workspace_is_of_that_one() -> None:
    assert step(EMPTY, said("cost", request(workspace_name="dbw-terns-dev"))) == About("cost", "dbw-terns-dev")


def test_questions_leave_the_conversation_as_it_is() -> None:
    questions: list[tuple[Understanding, Step]] = [
        (said("compare", topic=("spot",)), Compare(("spot",), TERNS)),
        (said("explain", topic=("region",)), Explain(("region",))),
        (said("list", request(environment="dev")), ListDeployed(Selection(environments=("dev",)))),
        (said("list"), ListDeployed(Selection())),
        (said("out_of_scope", topic=("Azure SQL",)), Say("out_of_scope", ("Azure SQL",))),
        (said("greet"), Say("greet")),
        (said("help"), Say("help")),
        (said("unclear"), Say("unclear")),
    ]
    assert [advance(DRAFTED, question, INDEX) for question, _ in questions] == [(DRAFTED, s) for _, s in questions]
