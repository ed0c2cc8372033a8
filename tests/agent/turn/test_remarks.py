"""What an approver who is not the asker says of a plan goes to the asker, and changes nothing."""

import pytest
from by_hand import INES, TERNS, ByHand, means, says

from agent.events import Message
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

LEDGER = TERNS.model_copy(update={"environment": "prod", "network": "private_link"})


async def test_it_is_said_to_the_asker_and_the_plan_can_still_be_decided(talk: ByHand) -> None:
    plan = await talk.planned(LEDGER)
    drafts = talk.state.requests
    await talk.tell("looks good but use vnet injection", means("amend", says(network="vnet")), by=INES)
    assert (talk.state.act, talk.decided, talk.plans) == ("amend", [], 0)
    assert (talk.state.pending_plan, talk.state.requests) == (plan.plan_id, drafts)
    assert "Ines, who may decide this plan, remarks: “looks good but use vnet injection”. Ana, say" in talk.text
    await talk.tell("yes", by=INES)
    assert talk.state.act == "confirm"


async def test_from_a_conversation_of_their_own_it_reaches_the_asker(talk: ByHand) -> None:
    plan = await talk.planned(LEDGER)
    await talk.tell(f"show {plan.plan_id}", by=INES, at="other")
    heard = await talk.tell("make it 4 workers at most", means("amend", says(max_workers=4)), by=INES, at="other")
    passed = [e for e in heard if isinstance(e, Message) and e.conversation == "cnv"]
    told = [e.text for e in heard if isinstance(e, Message) and e.conversation == "other"]
    assert [e.text.startswith("Ines, who may decide this plan, remarks") for e in passed] == [True]
    assert told == [
        "I passed that on to Ana, who asked for this plan. It is unchanged, and you can still decide it: yes or no."
    ]
    await talk.tell("yes", by=INES, at="other")
    assert talk.state.act == "confirm"


async def test_the_asker_changes_their_own_plan_although_they_are_an_approver(talk: ByHand) -> None:
    await talk.planned(LEDGER)
    await talk.tell("make it 4 workers at most", means("amend", says(max_workers=4)))
    assert talk.decided == ["superseded"]


async def test_a_colleague_who_approves_nothing_works_on_the_request_with_them(talk: ByHand) -> None:
    tom = Person(id="tom", name="Tom", roles=("requester",))
    await talk.planned(TERNS)
    await talk.tell("make it 4 workers at most", means("amend", says(max_workers=4)), by=tom)
    assert talk.decided == ["superseded"]
