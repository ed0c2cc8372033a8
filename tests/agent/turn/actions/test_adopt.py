"""Taking over what exists: an import that a person confirms; what is ours is not taken over twice."""

from functools import partial

from one_turn import MINT, TOM, OneTurn, drafts, one_turn, ordered, slots, text

from agent.dialogue.state import SetAsideRequest
from agent.orders import PlanOrder
from agent.turn.actions.adopt import AdoptionRequest, adopt, foreign
from agent.turn.context import Outcome, TurnContext
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Doubt, Statement, Understanding

GROUP = "/subscriptions/0a1b2c3d-0000-4000-8000-000000000000/resourceGroups/rg-old/providers"
OLD = f"{GROUP}/Microsoft.Databricks/workspaces/dbw-old"


def request(azure_id: str = OLD, *doubts: Doubt, **fields: object) -> AdoptionRequest:
    statement = Statement(InfrastructureRequest.model_validate(fields))
    return AdoptionRequest(azure_id, Understanding("provision", (statement,), doubts))


def test_the_import_keeps_names_and_groups_as_they_are(turn: OneTurn) -> None:
    outcome, act = adopt(turn.context(), request(team="risk", environment="dev", workload_type="analytics"))
    (order,) = outcome.orders
    assert isinstance(order, PlanOrder)
    (part,) = order.parts
    assert (order.action, part.action, part.adopt, act) == ("create", "create", OLD, "provision")
    assert (part.decision.workspace_name, part.decision.resource_group_name) == ("dbw-old", "rg-old")
    assert (part.decision.existing_resource_group, part.decision.managed_resource_group_name) == (True, "")


def test_what_stands_tells_itself_is_not_asked(turn: OneTurn) -> None:
    """Its region is seen once it is looked at; whose it is, nobody but the person knows."""
    doubt = Doubt(slot="region", kind="unknown", said="atlantis")
    outcome, act = adopt(turn.context(), request(OLD, doubt, environment="dev", workload_type="analytics"))
    assert (slots(outcome), act, outcome.orders) == (["team"], "provision", ())


def test_another_name_than_its_own_is_refused_and_it_is_planned_all_the_same(turn: OneTurn) -> None:
    told = request(team="risk", environment="dev", workload_type="analytics", workspace_name="dbw-new")
    outcome, _ = adopt(turn.context(), told)
    assert text(outcome) == (
        "The name of dbw-old stays dbw-old: I have not built it, and another would mean to make it anew. For that, ask"
        " for a new workspace."
    )
    assert ordered(outcome) == [("pln_1", "create", ["dbw-old"])]


def test_what_is_in_hand_is_put_aside(turn: OneTurn) -> None:
    context = turn.context(drafts=drafts(MINT), asked=("region",))
    outcome, _ = adopt(context, request(team="risk", environment="dev", workload_type="analytics"))
    assert outcome.conversation.aside == (SetAsideRequest(drafts=drafts(MINT)),)


def test_what_is_no_id_of_a_workspace_is_said_to_be_none(turn: OneTurn) -> None:
    outcome, act = adopt(turn.context(), request(f"{GROUP}/Microsoft.Databricks/workspaces/no name"))
    assert text(outcome) == (
        "That is not the Azure resource id of a Databricks workspace. Copy it from the workspace's properties in the"
        " Azure portal: it begins with /subscriptions/."
    )
    assert (act, outcome.orders) == ("unclear", ())


def test_what_is_ours_is_named_to_those_who_may_speak_of_it(turn: OneTurn) -> None:
    turn.deployed(MINT, outputs={"workspace_resource_id": OLD}, conversation="hers")
    for outcome_of in (_adopted, partial(foreign, azure_id=OLD)):
        assert text(outcome_of(turn.context())) == (
            "That is dbw-mint-dev, which I look after already. Say “status of dbw-mint-dev”, “change dbw-mint-dev to …”"
            " or “destroy dbw-mint-dev”."
        )
        assert text(outcome_of(turn.context(by=TOM))) == (
            "That workspace is looked after already, for somebody else, so I did nothing. Ask them, or a person with"
            " the role approver."
        )


def _adopted(context: TurnContext) -> Outcome:
    outcome, _ = adopt(context, request(OLD.upper()))
    return outcome


def test_nothing_is_done_to_what_is_not_ours(turn: OneTurn) -> None:
    outcome = foreign(turn.context(), OLD)
    assert text(outcome) == (
        "dbw-old is not one of mine: I touch only what I have built or taken over, so I did nothing. To take it"
        f" over first, say “import {OLD} for the … team, dev”; that is a plan which a person with the role approver"
        " confirms."
    )
    assert outcome.orders == ()


def test_where_an_import_needs_no_approver_none_is_spoken_of() -> None:
    with one_turn(Approvals={"ImportNeedsApprover": False}) as turn:
        assert text(foreign(turn.context(), OLD)) == (
            "dbw-old is not one of mine: I touch only what I have built or taken over, so I did nothing. To take it"
            f" over first, say “import {OLD} for the … team, dev”; that is a plan which you confirm."
        )
