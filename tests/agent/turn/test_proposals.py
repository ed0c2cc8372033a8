"""Whether a draft may be planned: held against what stands, the rules and the limit, and against those before it."""

from decimal import Decimal

from one_turn import FERN, MINT, OneTurn

from agent.dialogue.drafts import Draft
from agent.turn.proposals import AboveLimit, Denied, Impossible, NameTaken, ProposalSeries, why_unplannable
from plugins.databricks.proposal import Proposal
from plugins.domain.request import InfrastructureRequest

OLD = (
    "/subscriptions/0a1b2c3d-0000-4000-8000-000000000000/resourceGroups/rg-old/providers/Microsoft.Databricks"
    "/workspaces/dbw-old"
)


def draft(request: InfrastructureRequest, **fields: object) -> Draft:
    return Draft(request=request, deployment_id="dep_1").model_copy(update=fields)


def proposed(series: ProposalSeries, drafted: Draft) -> Proposal:
    proposal = series.propose(drafted)
    assert isinstance(proposal, Proposal)
    return proposal


def test_a_name_that_stands_is_taken_in_any_case(turn: OneTurn) -> None:
    turn.deployed(MINT)
    again = draft(FERN.model_copy(update={"workspace_name": "DBW-MINT-dev"}))
    assert ProposalSeries(turn.context()).propose(again) == NameTaken("DBW-MINT-dev")


def test_a_change_and_an_import_have_the_name_of_what_exists(turn: OneTurn) -> None:
    turn.deployed(MINT)
    series = ProposalSeries(turn.context())
    change = draft(MINT, deployment_id="dep_stands", changes=True)
    assert proposed(series, change).decision.workspace_name == "dbw-mint-dev"
    assert proposed(series, draft(MINT, adopt=OLD)).decision.workspace_name == "dbw-old"


def test_those_that_are_part_of_the_plan_are_held_against_the_next(turn: OneTurn) -> None:
    series = ProposalSeries(turn.context())
    series.add(proposed(series, draft(MINT)))
    assert series.propose(draft(MINT, deployment_id="dep_2")) == NameTaken("dbw-mint-dev")
    unnamed = draft(MINT.model_copy(update={"workspace_name": None}), deployment_id="dep_2")
    assert proposed(series, unnamed).decision.workspace_name == "dbw-mint-dev-2"


def test_one_that_is_no_part_of_it_holds_nothing(turn: OneTurn) -> None:
    series = ProposalSeries(turn.context())
    proposed(series, draft(MINT))
    assert proposed(series, draft(MINT, deployment_id="dep_2")).decision.workspace_name == "dbw-mint-dev"


def test_what_cannot_be_decided_says_what_is_wrong_and_what_to_do(turn: OneTurn) -> None:
    unknown = draft(MINT.model_copy(update={"node_type": "Standard_None"}))
    assert ProposalSeries(turn.context()).propose(unknown) == Impossible(
        "I know no VM size “Standard_None”.",
        "The nearest are Standard_NC4as_T4_v3, Standard_NC8as_T4_v3, Standard_NC16as_T4_v3.",
    )


def test_a_rule_comes_before_the_limit(turn: OneTurn) -> None:
    """Eleven workers are denied in dev, and cost more than its limit as well."""
    many = draft(MINT.model_copy(update={"min_workers": 11, "max_workers": 11}))
    objection = why_unplannable(many, proposed(ProposalSeries(turn.context()), many))
    assert isinstance(objection, Denied)
    assert [finding.rule for finding in objection.findings] == ["workers-maximum"]


def test_above_the_limit_it_is_told_by_how_much(turn: OneTurn) -> None:
    """1,779.81 a month, where dev has 500."""
    pricy = draft(MINT.model_copy(update={"min_workers": 8, "max_workers": 8}))
    objection = why_unplannable(pricy, proposed(ProposalSeries(turn.context()), pricy))
    assert isinstance(objection, AboveLimit)
    assert (objection.excess.limit, objection.excess.by) == (Decimal(500), Decimal("1279.81"))


def test_what_is_taken_over_is_checked_when_it_is_looked_at(turn: OneTurn) -> None:
    pricy = draft(MINT.model_copy(update={"min_workers": 8, "max_workers": 8}), adopt=OLD)
    assert why_unplannable(pricy, proposed(ProposalSeries(turn.context()), pricy)) is None


def test_a_usual_workspace_may_be_planned(turn: OneTurn) -> None:
    assert why_unplannable(draft(MINT), proposed(ProposalSeries(turn.context()), draft(MINT))) is None
