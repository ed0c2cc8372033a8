"""A change of what stands: what it does not name stays, and what must not be changed is said to be so."""

from one_turn import MINT, NOT_YOURS, TOM, OneTurn, ordered, slots, text

from agent.dialogue.steps import ChangeDeployed
from agent.orders import PlanOrder
from agent.turn.actions.change import change_deployed
from plugins.domain.plan import Before
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Doubt, Statement


def change(*doubts: Doubt, name: str = "dbw-mint-dev", **fields: object) -> ChangeDeployed:
    """A message that names the workspace in its own way and says this of it."""
    request = InfrastructureRequest.model_validate({"workspace_name": name, **fields})
    return ChangeDeployed(
        "dbw-mint-dev", Statement(request, sources=(("max_workers", "3 workers"),)), doubts, ("asap",)
    )


def test_the_change_is_ordered_beside_what_stands(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    outcome = change_deployed(turn.context(), change(name="DBW-Mint-DEV", max_workers=3))
    (order,) = outcome.orders
    assert isinstance(order, PlanOrder)
    (part,) = order.parts
    assert (order.action, part.action, part.deployment_id) == ("change", "change", "dep_stands")
    assert part.request == MINT.model_copy(update={"max_workers": 3})
    assert (part.decision.workspace_name, part.decision.max_workers) == ("dbw-mint-dev", 3)
    assert part.before == Before(decision=mint.decision, cost=mint.cost)
    assert (part.sources, part.unused) == ((("max_workers", "3 workers"),), ("asap",))
    assert outcome.conversation.workspaces == ("dbw-mint-dev",)


def test_what_is_in_doubt_is_asked_first(turn: OneTurn) -> None:
    turn.deployed(MINT)
    doubt = Doubt(slot="region", kind="unknown", said="atlantis")
    outcome = change_deployed(turn.context(), change(doubt))
    assert (slots(outcome), ordered(outcome)) == (["region"], [])
    assert outcome.conversation.asked == ("region",)


def test_its_environment_stays(turn: OneTurn) -> None:
    turn.deployed(MINT)
    outcome = change_deployed(turn.context(), change(environment="prod"))
    assert text(outcome) == (
        "dbw-mint-dev is a dev workspace, and what stands keeps its environment: make it new in prod instead, and"
        " destroy this one once nobody needs it. I have changed nothing."
    )
    assert (ordered(outcome), outcome.conversation.drafts) == ([], ())


def test_an_environment_in_doubt_is_no_question(turn: OneTurn) -> None:
    """Whichever it is, it is another one."""
    turn.deployed(MINT)
    doubt = Doubt(slot="environment", kind="several", said="staging or prod", candidates=("staging", "prod"))
    outcome = change_deployed(turn.context(), change(doubt))
    assert text(outcome) == (
        "dbw-mint-dev is a dev workspace, and what stands keeps its environment: make it new instead, and destroy this"
        " one once nobody needs it. I have changed nothing."
    )
    assert slots(outcome) == []


def test_somebody_elses_in_a_shared_conversation_is_left_alone(turn: OneTurn) -> None:
    turn.deployed(MINT)
    outcome = change_deployed(turn.context(by=TOM), change(max_workers=3))
    assert text(outcome) == NOT_YOURS
    assert ordered(outcome) == []


def test_what_is_gone_meanwhile_is_not_changed(turn: OneTurn) -> None:
    context = turn.context()
    assert change_deployed(context, change(max_workers=3)) == context.unchanged()


def test_the_managed_group_and_the_end_stay_as_deployed(turn: OneTurn) -> None:
    """A change that names no end keeps the one that there is."""
    mint = turn.deployed(MINT)
    ending = mint.decision.model_copy(update={"managed_resource_group_name": "rg-of-old"})
    until = mint.created_at.date().replace(day=30)
    turn.records.keep_deployment(mint.model_copy(update={"decision": ending, "expires_on": until}))
    (order,) = change_deployed(turn.context(), change(max_workers=3)).orders
    assert isinstance(order, PlanOrder)
    decision = order.parts[0].decision
    assert (decision.managed_resource_group_name, decision.expires_on) == ("rg-of-old", until)
