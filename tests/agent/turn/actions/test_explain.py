"""The reasons of a decision: of which one, and with which sources."""

from one_turn import FERN, MINT, TOM, OneTurn, drafts, text

from agent.dialogue.steps import Explain
from agent.turn.actions.explain import explain

BY_DEFAULT = "- **eastus** — Nobody named a region, so the house's default. (house rules, appsettings.json)"
AS_NAMED = "- **westeurope** — The region that you named. (the request)"
HOUSE = "No workspace is in sight here; by the rules of the house:\n\n"
REGION = Explain(("region",))
FAR = FERN.model_copy(update={"region": "westeurope"})


def test_the_limits_are_those_of_the_policy(turn: OneTurn) -> None:
    assert text(explain(turn.context(), Explain(("cost_limit",)))) == (
        "A workspace may cost, a month and as expected:\n- **dev** 500.00 USD\n- **staging** 1,000.00 USD\n"
        "- **prod** 3,000.00 USD\n\nAbove that an approver must agree."
    )


def test_the_workspace_that_is_named_comes_before_all_else(turn: OneTurn) -> None:
    turn.deployed(FAR)
    context = turn.context(drafts=drafts(MINT), pending=turn.pending("pln_1", MINT))
    assert text(explain(context, Explain(("region",), "dbw-fern-dev"))).startswith(f"**dbw-fern-dev**\n\n{AS_NAMED}")


def test_then_the_plan_that_waits(turn: OneTurn) -> None:
    context = turn.context(drafts=drafts(FAR), pending=turn.pending("pln_1", MINT))
    assert text(explain(context, REGION)) == (
        f"**dbw-mint-dev**\n\n{BY_DEFAULT}\n\nYour plan is unchanged and still waits for your decision."
    )


def test_then_the_drafts_each_under_its_name_where_they_differ(turn: OneTurn) -> None:
    assert text(explain(turn.context(drafts=drafts(FAR)), REGION)) == f"**dbw-fern-dev**\n\n{AS_NAMED}"
    both = text(explain(turn.context(drafts=drafts(FAR, MINT)), REGION))
    assert both == f"**dbw-fern-dev**\n\n{AS_NAMED}\n\n**dbw-mint-dev**\n\n{BY_DEFAULT}"


def test_then_the_workspace_last_spoken_of(turn: OneTurn) -> None:
    turn.deployed(MINT)
    turn.deployed(FAR, "dep_far")
    assert text(explain(turn.context(workspaces=("dbw-fern-dev", "dbw-mint-dev")), REGION)) == (
        f"**dbw-fern-dev**\n\n{AS_NAMED}"
    )


def test_without_any_it_is_the_house_s_own_rule_and_said_to_be(turn: OneTurn) -> None:
    assert text(explain(turn.context(by=TOM), REGION)) == f"{HOUSE}{BY_DEFAULT}"


def test_drafts_that_cannot_be_decided_are_said_to_be_so_first(turn: OneTurn) -> None:
    context = turn.context(drafts=drafts(MINT.model_copy(update={"region": "nowhere"})))
    assert text(explain(context, REGION)) == (
        "Azure has no public region “nowhere” that I know. Name one, such as westeurope."
    )
