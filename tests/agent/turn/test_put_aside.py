"""A second request in the same conversation is a second request: the first stays, and each is decided for itself."""

from dataclasses import replace

import pytest
from by_hand import GULLS, TERNS, ByHand, means, says
from one_turn import FERN, MINT, OneTurn, decided, drafts, slots, text

from agent.dialogue.drafts import Draft
from agent.dialogue.state import PendingPlan, SetAsideRequest
from agent.orders import DiscardOrder
from agent.turn.put_aside import bring_forward, put_aside, resume, take_in_hand, void_all

pytestmark = pytest.mark.integration


async def test_the_first_plan_stays_and_a_plain_yes_goes_for_the_last_shown(talk: ByHand) -> None:
    first = await talk.planned(TERNS)
    second = await talk.planned(GULLS)
    assert talk.decided == []
    assert "second request" in talk.text
    assert "“yes dbw-terns-dev”" in talk.text
    assert (second.items[0].decision.workspace_name, talk.state.pending_plan) == ("dbw-gulls-dev", second.plan_id)
    await talk.tell("yes")
    assert talk.names == ["dbw-gulls-dev"]
    assert "The plan for dbw-terns-dev still waits" in talk.text
    assert talk.state.pending_plan == first.plan_id


async def test_the_first_comes_back_and_is_shown_before_a_bare_yes_counts(talk: ByHand) -> None:
    first = await talk.planned(TERNS)
    await talk.planned(GULLS)
    await talk.tell("yes")
    await talk.tell("yes")
    assert (talk.state.act, talk.names, talk.plan.digest) == ("unclear", ["dbw-gulls-dev"], first.digest)
    await talk.tell("yes")
    assert sorted(talk.names) == ["dbw-gulls-dev", "dbw-terns-dev"]


async def test_a_yes_by_name_goes_for_the_one_that_was_put_aside(talk: ByHand) -> None:
    await talk.planned(TERNS)
    second = await talk.planned(GULLS)
    await talk.tell("yes dbw-terns-dev")
    assert (talk.names, talk.state.pending_plan) == (["dbw-terns-dev"], second.plan_id)
    await talk.tell("yes")
    assert sorted(talk.names) == ["dbw-gulls-dev", "dbw-terns-dev"]


async def test_a_no_turns_down_the_last_shown_and_the_first_is_in_hand_again(talk: ByHand) -> None:
    first = await talk.planned(TERNS)
    await talk.planned(GULLS)
    await talk.tell("no, drop it")
    assert (talk.decided, talk.state.pending_plan, talk.names) == (["rejected"], first.plan_id, [])


async def test_a_first_plan_for_several_is_decided_by_all_its_names(talk: ByHand) -> None:
    await talk.planned(TERNS, TERNS.model_copy(update={"environment": "staging"}))
    second = await talk.planned(GULLS)
    assert "“yes dbw-terns-dev, dbw-terns-staging”" in talk.text
    await talk.tell("yes dbw-terns-dev")
    assert (talk.names, talk.state.pending_plan) == ([], second.plan_id)
    await talk.tell("yes dbw-terns-dev, dbw-terns-staging")
    assert sorted(talk.names) == ["dbw-terns-dev", "dbw-terns-staging"]


async def test_a_no_by_name_turns_down_the_one_that_was_put_aside(talk: ByHand) -> None:
    first = await talk.planned(TERNS)
    second = await talk.planned(GULLS)
    await talk.tell("no dbw-terns-dev")
    assert (talk.decided, talk.state.pending_plan) == (["rejected"], second.plan_id)
    await talk.tell(f"yes {first.plan_id}")
    assert (talk.state.act, talk.names) == ("unclear", [])


async def test_a_change_goes_to_the_one_in_hand_only(talk: ByHand) -> None:
    first = await talk.planned(TERNS)
    await talk.planned(GULLS)
    await talk.tell("make it northeurope", means("amend", says(region="northeurope")))
    assert (talk.plan.items[0].decision.workspace_name, talk.decided) == ("dbw-gulls-dev", ["superseded"])
    await talk.tell("yes dbw-terns-dev")
    assert talk.names == ["dbw-terns-dev"]
    assert first.items[0].decision.region == "eastus"


async def test_an_open_question_comes_back_after_the_second_request(talk: ByHand) -> None:
    await talk.tell("a workspace for the terns", means("provision", TERNS.model_copy(update={"environment": None})))
    assert talk.slots == ["environment"]
    await talk.planned(GULLS)
    await talk.tell("yes")
    assert (talk.slots, talk.state.open_questions) == (["environment"], ("environment",))
    await talk.tell("dev", means("answer", says(environment="dev")))
    assert talk.plan.items[0].decision.workspace_name == "dbw-terns-dev"


async def test_starting_over_ends_all_of_them(talk: ByHand) -> None:
    first = await talk.planned(TERNS)
    await talk.planned(GULLS)
    await talk.tell("start over", means("reset"))
    assert talk.decided == ["superseded", "superseded"]
    await talk.tell("yes dbw-terns-dev")
    assert (talk.state.act, talk.names, talk.state.pending_plan) == ("unclear", [], None)
    assert first.plan_id != talk.state.pending_plan


async def test_calling_off_the_draft_leaves_the_plan_that_was_put_aside(talk: ByHand) -> None:
    first = await talk.planned(TERNS)
    await talk.tell("and one for the gulls", means("provision", GULLS.model_copy(update={"environment": None})))
    await talk.tell("cancel that", means("reset"))
    assert (talk.decided, talk.state.pending_plan) == ([], first.plan_id)


async def test_destroying_another_workspace_keeps_the_plan_that_waits(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    waiting = await talk.planned(GULLS)
    await talk.tell("destroy dbw-terns-dev", means("destroy", says(workspace_name="dbw-terns-dev")))
    assert (talk.plan.action, talk.decided) == ("destroy", [])
    await talk.tell("no, keep it")
    assert talk.state.pending_plan == waiting.plan_id


async def test_the_same_request_again_shows_the_plan_again(talk: ByHand) -> None:
    first = await talk.planned(TERNS)
    again = await talk.planned(TERNS)
    assert (again.plan_id, again.digest, talk.decided) == (first.plan_id, first.digest, [])


async def test_one_more_on_top_is_one_plan_for_both(talk: ByHand) -> None:
    await talk.planned(TERNS)
    more = replace(means("provision", TERNS.model_copy(update={"environment": "staging"})), additional=True)
    await talk.tell("and a staging one as well", more)
    assert [item.decision.workspace_name for item in talk.plan.items] == ["dbw-terns-dev", "dbw-terns-staging"]
    assert talk.decided == ["superseded"]


async def test_a_question_about_the_one_put_aside_changes_nothing_of_either(talk: ByHand) -> None:
    await talk.planned(TERNS)
    second = await talk.planned(GULLS)
    await talk.tell("what does dbw-terns-dev cost?", means("cost", says(workspace_name="dbw-terns-dev")))
    assert "375.94 USD" in talk.text
    assert talk.state.pending_plan == second.plan_id
    await talk.tell("yes")
    assert (talk.state.act, talk.names, talk.plan.plan_id) == ("unclear", [], second.plan_id)


async def test_a_change_by_name_goes_to_the_one_that_was_put_aside(talk: ByHand) -> None:
    first = await talk.planned(TERNS.model_copy(update={"workspace_name": "dbw-terns-one"}))
    await talk.planned(GULLS)
    await talk.tell("max 3 for dbw-terns-one", means("amend", says(workspace_name="dbw-terns-one", max_workers=3)))
    assert (talk.plan.items[0].decision.workspace_name, talk.plan.items[0].decision.max_workers) == ("dbw-terns-one", 3)
    assert (talk.decided, talk.plan.plan_id != first.plan_id) == (["superseded"], True)


def waiting(turn: OneTurn) -> SetAsideRequest:
    """The request for dbw-mint-dev, put aside while its plan waits."""
    return SetAsideRequest(drafts=drafts(MINT), pending=turn.pending("pln_mint", MINT))


def test_what_waits_is_put_aside_and_how_it_is_decided_said(turn: OneTurn) -> None:
    aside = waiting(turn)
    outcome = put_aside(turn.context(drafts=aside.drafts, pending=aside.pending))
    assert (outcome.conversation.aside, outcome.conversation.is_idle) == ((aside,), True)
    assert text(outcome) == (
        "This is a second request, and dbw-mint-dev stays as it was. To decide that one, say “yes dbw-mint-dev” or use"
        " its own button; a plain “yes” goes for the plan shown last."
    )


def test_a_plan_that_is_only_shown_here_is_let_go_of(turn: OneTurn) -> None:
    shown = PendingPlan(plan_id="pln_theirs", digest="one", is_shown=True)
    outcome = put_aside(turn.context(pending=shown))
    assert (outcome.conversation.pending, outcome.conversation.aside, outcome.events) == (None, (), ())


def test_a_request_without_a_name_is_called_by_what_was_said_of_it(turn: OneTurn) -> None:
    unnamed = MINT.model_copy(update={"workspace_name": None})
    outcome = put_aside(turn.context(drafts=drafts(unnamed), asked=("region",)))
    assert text(outcome) == (
        "This is a second request, and team mint, environment dev, workload data science stays as it was. I come back"
        " to it afterwards."
    )


def test_another_request_for_the_same_workspace_supersedes_its_plan(turn: OneTurn) -> None:
    pending = turn.pending("pln_mint", MINT, action="change")
    in_hand = (Draft(request=MINT, deployment_id="dep_pln_mint", changes=True),)
    again = (Draft(request=FERN, deployment_id="dep_pln_mint", changes=True),)
    outcome = take_in_hand(turn.context(drafts=in_hand, pending=pending, earlier=(in_hand,)), again, ("soon",))
    assert decided(outcome) == [("pln_mint", "superseded", "The request changed.")]
    assert outcome.conversation.aside == ()
    assert (outcome.conversation.drafts, outcome.conversation.earlier) == (again, ())
    assert outcome.conversation.unused == ("soon",)


def test_drafts_that_have_no_workspace_yet_are_not_the_same_one(turn: OneTurn) -> None:
    """Both are without an id."""
    outcome = take_in_hand(turn.context(drafts=drafts(MINT), asked=("region",)), drafts(FERN))
    assert outcome.conversation.aside == (SetAsideRequest(drafts=drafts(MINT)),)


def test_the_last_one_is_taken_up_again_and_shown_before_a_bare_yes_counts(turn: OneTurn) -> None:
    aside = waiting(turn)
    outcome = resume(turn.context(aside=(SetAsideRequest(planning="pln_other"), aside)))
    assert outcome.conversation.pending == PendingPlan(plan_id="pln_mint", digest="digest of pln_mint", is_doubted=True)
    assert outcome.conversation.aside == (SetAsideRequest(planning="pln_other"),)
    assert text(outcome) == (
        "The plan for dbw-mint-dev still waits: say “yes dbw-mint-dev”, “no”, or “show me the plan”."
    )


def test_what_was_open_of_it_is_asked_again(turn: OneTurn) -> None:
    unsaid = MINT.model_copy(update={"environment": None, "workload_type": None})
    outcome = resume(turn.context(aside=(SetAsideRequest(drafts=drafts(unsaid)),)))
    assert (slots(outcome), outcome.conversation.asked) == (
        ["environment", "workload_type"],
        ("environment", "workload_type"),
    )
    assert text(outcome) == "Back to your other request (dbw-mint-dev)."


def test_nothing_is_taken_up_while_another_is_in_hand(turn: OneTurn) -> None:
    context = turn.context(aside=(waiting(turn),), drafts=drafts(FERN))
    assert resume(context) == context.unchanged()


def test_all_end_together_and_their_plans_with_them(turn: OneTurn) -> None:
    shown = SetAsideRequest(pending=turn.pending("pln_fern", FERN).model_copy(update={"is_shown": True}))
    outcome = void_all(turn.context(aside=(waiting(turn), shown, SetAsideRequest(planning="pln_made"))))
    assert decided(outcome) == [("pln_mint", "superseded", "The conversation was started over.")]
    assert outcome.orders == (DiscardOrder("pln_mint"), DiscardOrder("pln_made"))
    assert outcome.conversation.aside == ()
    assert turn.status_of("pln_mint", "pln_fern") == ["superseded", "pending"]
    assert turn.deeds() == ["started over"]


@pytest.mark.parametrize("which", [{"plan_id": "pln_mint"}, {"workspace": "dbw-mint-dev"}])
def test_one_is_brought_forward_by_its_plan_or_its_name(turn: OneTurn, which: dict[str, str]) -> None:
    context = turn.context(aside=(waiting(turn), SetAsideRequest(planning="pln_other")), planning="pln_now")
    brought = bring_forward(context, **which).conversation
    assert (brought.pending and brought.pending.plan_id, brought.drafts) == ("pln_mint", drafts(MINT))
    assert [aside.planning for aside in brought.aside] == ["pln_other", "pln_now"]


@pytest.mark.parametrize("which", [{}, {"plan_id": "pln_none"}, {"workspace": "dbw-none"}])
def test_what_was_not_put_aside_changes_nothing(turn: OneTurn, which: dict[str, str]) -> None:
    context = turn.context(aside=(waiting(turn), SetAsideRequest(planning="pln_other")))
    assert bring_forward(context, **which) == context.unchanged()
