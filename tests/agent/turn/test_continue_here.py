"""A request goes on in another conversation of the same person's: it moves, and no consent does."""

from datetime import UTC, datetime

import pytest
from by_hand import INES, TERNS, ByHand, means, says
from talking import ANA

from agent.events import ApprovalNoted, Message, PlanProposed
from agent.store.records import Records
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

ANA_IN_SLACK = Person(id="U0ANA", name="Ana in Slack", roles=("requester",), issuer="slack:T0")


async def link(talk: ByHand) -> None:
    def linked(records: Records) -> None:
        records.link_people(ANA, ANA_IN_SLACK, mark="link:test", now=datetime(2026, 11, 30, tzinfo=UTC))

    await talk.app.kept(linked)


async def test_the_plan_is_made_anew_here_and_the_one_there_is_void(talk: ByHand) -> None:
    await link(talk)
    before = await talk.planned(TERNS)
    heard = await talk.tell("continue here", by=ANA_IN_SLACK, at="slack")
    plan = next(event for event in heard if isinstance(event, PlanProposed))
    assert (plan.conversation, plan.items[0].request.team) == ("slack", "terns")
    assert plan.plan_id != before.plan_id
    (void,) = [event for event in heard if isinstance(event, ApprovalNoted)]
    assert (void.conversation, void.plan_id, void.status) == ("cnv", before.plan_id, "superseded")
    told = [event.text for event in heard if isinstance(event, Message) and event.conversation == "cnv"]
    assert told == [
        "Ana in Slack goes on with this request in another conversation. Say “continue here” to bring it back."
    ]
    # A yes there is no yes to this one; a yes here is.
    await talk.tell("yes")
    assert talk.names == []
    await talk.tell("yes", by=ANA_IN_SLACK, at="slack")
    assert talk.state.act == "confirm"
    assert talk.names == ["dbw-terns-dev"]


async def test_of_two_that_are_in_hand_the_one_whose_plan_is_named_goes_on_here(talk: ByHand) -> None:
    await link(talk)
    wanted = await talk.planned(TERNS)
    await talk.tell("another", means("provision", TERNS.model_copy(update={"team": "gulls"})), at="later")
    await talk.tell(f"continue {wanted.plan_id} here", by=ANA_IN_SLACK, at="slack")
    assert (talk.plan.conversation, talk.plan.items[0].request.team) == ("slack", "terns")
    # It is in hand nowhere else now, and another's is nobody's to take.
    await talk.tell(f"continue {wanted.plan_id} here", by=ANA_IN_SLACK, at="slack too")
    assert "You have no request in hand in another conversation" in talk.text
    await talk.tell(f"continue {wanted.plan_id} here", by=INES, at="ines")
    assert talk.plans == 0


async def test_it_goes_back_to_where_it_was_begun(talk: ByHand) -> None:
    await link(talk)
    await talk.planned(TERNS)
    await talk.tell("continue here", by=ANA_IN_SLACK, at="slack")
    await talk.tell("make it 3 workers at most", means("amend", says(max_workers=3)), by=ANA_IN_SLACK, at="slack")
    await talk.tell("continue here")
    assert (talk.plan.conversation, talk.plan.items[0].request.max_workers) == ("cnv", 3)


async def test_what_is_still_asked_goes_on_being_asked_here(talk: ByHand) -> None:
    await link(talk)
    await talk.tell("a workspace", means("provision", TERNS.model_copy(update={"environment": None})))
    await talk.tell("continue here", by=ANA_IN_SLACK, at="slack")
    assert talk.slots == ["environment"]
    await talk.tell("dev", by=ANA_IN_SLACK, at="slack")
    assert talk.plan.items[0].request.team == "terns"


async def test_another_persons_request_is_not_to_be_had(talk: ByHand) -> None:
    before = await talk.planned(TERNS)
    await talk.tell("continue here", by=ANA_IN_SLACK, at="slack")
    assert "You have no request in hand in another conversation" in talk.text
    await talk.tell("continue here", by=INES, at="ines")
    assert talk.plans == 0
    await talk.tell("yes")
    assert talk.names == ["dbw-terns-dev"]
    assert before.items[0].deployment_id in {each.deployment_id for each in talk.state.deployments}


async def test_the_end_of_a_workspace_goes_on_only_where_it_may_be_touched(talk: ByHand) -> None:
    """Ownership hangs on the identity that asked: a link gives no right to what another identity owns."""
    await link(talk)
    await talk.planned(TERNS)
    await talk.tell("yes")
    await talk.tell("destroy dbw-terns-dev")
    there = talk.plan
    await talk.tell("continue here", by=ANA_IN_SLACK, at="slack")
    assert talk.plans == 0
    assert "dbw-terns-dev" in talk.text
    assert await talk.app.read(lambda records: records.plan_status(there.plan_id)) == "pending"
    await talk.tell("continue here", at="ana too")
    assert (talk.plan.conversation, talk.plan.action) == ("ana too", "destroy")
    assert await talk.app.read(lambda records: records.plan_status(there.plan_id)) == "superseded"
