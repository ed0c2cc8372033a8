"""Drafts become one plan, or the first thing that stands against them is said, with the way on."""

from one_turn import FERN, MINT, NOT_YOURS, RITA, TOM, OneTurn, decided, drafts, one_turn, ordered, slots, tables, text

from agent.dialogue.drafts import Draft
from agent.dialogue.state import PendingPlan
from agent.events import Progress
from agent.orders import DiscardOrder, PlanOrder
from agent.turn.actions.propose import ask_or_propose, propose_drafts

PRICY = MINT.model_copy(update={"max_workers": 9, "min_workers": 9, "node_type": "Standard_D16s_v5"})


def test_the_drafts_are_one_plan_and_get_ids_for_life(turn: OneTurn) -> None:
    outcome = propose_drafts(turn.context(drafts=drafts(MINT, FERN), unused=("soon",)))
    (order,) = outcome.orders
    assert isinstance(order, PlanOrder)
    assert (order.plan_id, order.action, order.conversation, order.turn) == ("pln_1", "create", "cnv", 1)
    assert order.person == RITA
    assert [(part.deployment_id, part.request, part.unused) for part in order.parts] == [
        ("dep_1", MINT, ("soon",)),
        ("dep_2", FERN, ()),
    ]
    assert [draft.deployment_id for draft in outcome.conversation.drafts] == ["dep_1", "dep_2"]
    assert (outcome.conversation.planning, outcome.conversation.asked) == ("pln_1", ())
    (begun,) = [event for event in outcome.events if isinstance(event, Progress)]
    assert (begun.step, begun.done, begun.total, begun.text) == (
        "plan",
        0,
        2,
        "Planning dbw-mint-dev, dbw-fern-dev in the sandbox cloud …",
    )


def test_the_plan_that_waits_for_the_same_request_makes_way(turn: OneTurn) -> None:
    pending = turn.pending("pln_before", MINT)
    outcome = propose_drafts(turn.context(drafts=drafts(MINT), pending=pending))
    assert decided(outcome) == [("pln_before", "superseded", "The request changed.")]
    assert outcome.orders[0] == DiscardOrder("pln_before")
    assert ordered(outcome) == [("pln_1", "create", ["dbw-mint-dev"])]
    assert turn.status_of("pln_before") == ["superseded"]


def test_a_name_that_stands_is_asked_for_anew_whatever_its_case(turn: OneTurn) -> None:
    turn.deployed(MINT)
    outcome = propose_drafts(turn.context(drafts=drafts(FERN.model_copy(update={"workspace_name": "DBW-Mint-Dev"}))))
    assert text(outcome) == (
        "A workspace called DBW-Mint-Dev exists already. To change it, say “change DBW-Mint-Dev to …”; for another one,"
        " give it a different name."
    )
    assert (slots(outcome), outcome.conversation.asked, ordered(outcome)) == (
        ["workspace_name"],
        ("workspace_name",),
        [],
    )


def test_two_of_one_plan_may_not_have_one_name(turn: OneTurn) -> None:
    named = FERN.model_copy(update={"workspace_name": "dbw-mint-dev"})
    outcome = propose_drafts(turn.context(drafts=drafts(MINT, named)))
    assert (slots(outcome), ordered(outcome)) == (["workspace_name"], [])


def test_a_derived_name_that_is_taken_gets_a_number(turn: OneTurn) -> None:
    turn.deployed(MINT)
    outcome = propose_drafts(turn.context(drafts=drafts(MINT.model_copy(update={"workspace_name": None}))))
    assert ordered(outcome) == [("pln_1", "create", ["dbw-mint-dev-2"])]


def test_what_cannot_be_decided_is_said_with_its_remedy(turn: OneTurn) -> None:
    outcome = propose_drafts(turn.context(drafts=drafts(MINT.model_copy(update={"node_type": "Standard_None"}))))
    assert text(outcome) == (
        "I know no VM size “Standard_None”. The nearest are Standard_NC4as_T4_v3, Standard_NC8as_T4_v3,"
        " Standard_NC16as_T4_v3."
    )
    assert ordered(outcome) == []


def test_what_a_rule_denies_is_not_planned(turn: OneTurn) -> None:
    outcome = propose_drafts(turn.context(drafts=drafts(MINT.model_copy(update={"max_workers": 99}))))
    assert text(outcome) == (
        "I cannot plan this. What stands against it:\n- **workers-maximum**: 99 workers are more than the 10 allowed in"
        " dev. Take at most 10, or have the house raise Policy__Environments__dev."
    )
    assert (ordered(outcome), [draft.request.max_workers for draft in outcome.conversation.drafts]) == ([], [99])


def test_above_the_limit_what_fits_is_offered(turn: OneTurn) -> None:
    outcome = propose_drafts(turn.context(drafts=drafts(MINT.model_copy(update={"max_workers": 8, "min_workers": 8}))))
    assert text(outcome) == (
        "dbw-mint-dev would cost about **1,779.81 USD** a month, which is **1,279.81 USD** above the dev limit of"
        " 500.00 USD. I have not planned it.\nWhat fits is in the table. Pick one, give me a higher limit (above 500.00"
        " USD an approver must agree), or change the request."
    )
    assert (slots(outcome), outcome.conversation.asked, ordered(outcome)) == (["cost_limit"], ("cost_limit",), [])


def test_what_is_leaner_than_usual_is_said(turn: OneTurn) -> None:
    outcome = propose_drafts(turn.context(drafts=drafts(MINT.model_copy(update={"cost_limit": 200}))))
    assert text(outcome) == (
        "To stay within the limit, dbw-mint-dev is planned leaner than usual, on Standard_E2ds_v6: about 140.86 USD a"
        " month instead of 232.20 USD (\N{MINUS SIGN}91.34 USD). Give me a higher limit for the usual configuration."
    )
    assert ordered(outcome) == [("pln_1", "create", ["dbw-mint-dev"])]


def test_more_than_400_are_refused_and_forgotten(turn: OneTurn) -> None:
    many = drafts(*(MINT.model_copy(update={"workspace_name": f"dbw-{number}"}) for number in range(401)))
    outcome = propose_drafts(turn.context(drafts=many))
    assert text(outcome) == (
        "That is 401 workspaces; one plan holds at most 400. Nothing was started: send them in parts."
    )
    assert (outcome.orders, outcome.conversation.drafts) == ((), ())


def test_a_change_that_somebody_else_slips_something_into_is_as_before(turn: OneTurn) -> None:
    """The plan that waits for it goes on waiting."""
    turn.deployed(MINT)
    before = (Draft(request=MINT, deployment_id="dep_stands", changes=True),)
    slipped = (Draft(request=MINT.model_copy(update={"max_workers": 9}), deployment_id="dep_stands", changes=True),)
    pending = PendingPlan(plan_id="pln_change", digest="one")
    outcome = propose_drafts(turn.context(by=TOM, drafts=slipped, earlier=(before,), pending=pending))
    assert text(outcome) == NOT_YOURS
    assert (outcome.conversation.drafts, outcome.conversation.earlier) == (before, ())
    assert (outcome.conversation.pending, outcome.orders) == (pending, ())


def test_read_only_mode_prices_it_and_keeps_the_draft(turn: OneTurn) -> None:
    outcome = propose_drafts(turn.context(drafts=drafts(MINT), reads_only=True))
    assert outcome.orders == ()
    row = ("dbw-mint-dev", "dev", "eastus", "Standard_E4ds_v5", "single node", "232.20 USD")
    assert tables(outcome) == [("What it would be", (row,))]
    assert [draft.request for draft in outcome.conversation.drafts] == [MINT]


def test_what_is_open_is_asked_before_anything_is_proposed(turn: OneTurn) -> None:
    noted = MINT.model_copy(update={"team": None, "additional_requirements": "near the canteen"})
    outcome = ask_or_propose(turn.context(drafts=drafts(noted)))
    assert text(outcome) == "Noted as well: near the canteen."
    assert (slots(outcome), outcome.conversation.asked, outcome.orders) == (["team"], ("team",), ())


def test_with_nothing_open_it_is_proposed(turn: OneTurn) -> None:
    assert ordered(ask_or_propose(turn.context(drafts=drafts(MINT)))) == [("pln_1", "create", ["dbw-mint-dev"])]


def test_two_in_the_same_subnets_are_not_one_plan() -> None:
    group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-net"
    network = f"{group}/providers/Microsoft.Network/virtualNetworks/corp"
    own = {"VirtualNetworkId": network, "HostSubnet": "host", "ContainerSubnet": "container"}
    with one_turn(BringYourOwn=own) as turn:
        both = drafts(*(request.model_copy(update={"network": "vnet"}) for request in (MINT, FERN)))
        outcome = propose_drafts(turn.context(drafts=both))
    assert text(outcome) == (
        "I cannot plan this. What stands against it:\n- **subnets-in-use**: The subnets host and container of corp are"
        " taken by dbw-mint-dev; Azure lets no two workspaces share one. Give BringYourOwn__HostSubnet and"
        " BringYourOwn__ContainerSubnet two that are free."
    )
    assert ordered(outcome) == []
