"""A no that was not understood never leaves a plan confirmable by the next yes without being shown again."""

import pytest
from by_hand import TERNS, ByHand, means

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    "text", ["no wait", "that does not feel right to me", "please not like this", "lieber doch nicht so", "not yet"]
)
async def test_after_a_no_that_was_not_understood_the_plan_is_shown_again_first(talk: ByHand, text: str) -> None:
    plan = await talk.planned(TERNS)
    await talk.tell(text, means("unclear"))
    assert "may have been a no" in talk.text
    await talk.tell("yes")
    assert (talk.state.act, talk.names) == ("unclear", [])
    assert (talk.plan.plan_id, talk.plan.digest) == (plan.plan_id, plan.digest)
    await talk.tell("yes")
    assert (talk.state.act, talk.names) == ("confirm", ["dbw-terns-dev"])


async def test_a_yes_that_names_the_workspace_needs_no_second_look(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("no wait", means("unclear"))
    await talk.tell("yes dbw-terns-dev")
    assert talk.names == ["dbw-terns-dev"]


async def test_showing_the_plan_again_settles_the_doubt(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("hm, not sure", means("unclear"))
    await talk.tell("show me the plan again")
    await talk.tell("yes")
    assert talk.names == ["dbw-terns-dev"]


async def test_a_no_beside_a_question_counts_as_doubt(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("leave it. what was it about?", means("explain"))
    await talk.tell("go ahead")
    assert (talk.state.act, talk.names) == ("unclear", [])


@pytest.mark.parametrize("text", ["what would it cost with no spot?", "blorp fnargle", "how is the weather"])
async def test_what_says_no_to_nothing_leaves_the_yes_as_it_is(talk: ByHand, text: str) -> None:
    await talk.planned(TERNS)
    await talk.tell(text, means("cost" if "cost" in text else "out_of_scope"))
    await talk.tell("yes")
    assert talk.names == ["dbw-terns-dev"]


async def test_a_no_ends_it_for_good(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("I'd rather not")
    assert (talk.state.act, talk.decided) == ("reject", ["rejected"])
    await talk.tell("yes")
    assert (talk.state.act, talk.names) == ("unclear", [])
