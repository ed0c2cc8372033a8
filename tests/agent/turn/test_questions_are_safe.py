"""A question changes, supersedes and orders nothing, and is never consent, whatever it is asked about."""

import dataclasses
from pathlib import Path
from typing import cast

import pytest
from by_hand import INES, TERNS, ByHand, means, says

from agent.store.records import Records
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Statement, Understanding

pytestmark = pytest.mark.integration

QUESTIONS = [
    cast("tuple[Act, str]", tuple(line.split("\t", 1)))
    for line in (Path(__file__).parents[1] / "questions.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
MORE: dict[Act, InfrastructureRequest] = {
    "cost": says(max_workers=10, min_workers=4),
    "explain": says(region="westeurope"),
    "status": says(),
    "list": says(environment="prod"),
}


def readings(act: Act) -> list[Understanding]:
    """A question as it may be read: with nothing else, and with values that it names."""
    plain = Understanding(act)
    said = MORE.get(act)
    if said is None:
        return [plain]
    return [plain, Understanding(act, (Statement(said, sources=(("region", "there"),)),), unused=("somehow",))]


async def stands(talk: ByHand) -> tuple[object, ...]:
    """Everything that a question must leave alone, as it is kept."""

    def kept(records: Records) -> tuple[object, ...]:
        left = records.conversation("cnv")
        pending = left.pending and (
            left.pending.plan_id,
            left.pending.digest,
            records.plan_status(left.pending.plan_id),
        )
        return left.drafts, left.earlier, left.planning, left.aside, pending, left.asked, records.deployments()

    return await talk.app.database.read(kept)


async def ask_everything(talk: ByHand) -> None:
    before = await stands(talk)
    for act, text in QUESTIONS:
        for reading in readings(act):
            await talk.tell(text, reading)
            assert (await stands(talk), talk.decided) == (before, []), (text, reading)
            assert not any(event.type in ("progress", "result") for event in talk.last), text


async def test_with_a_plan_that_waits(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await ask_everything(talk)
    await talk.tell("yes dbw-terns-dev")
    assert talk.names == ["dbw-terns-dev"]


async def test_with_a_draft_that_is_asked_about(talk: ByHand) -> None:
    await talk.tell("a workspace for the terns", means("provision", TERNS.model_copy(update={"environment": None})))
    await ask_everything(talk)
    await talk.tell("dev", means("answer", says(environment="dev")))
    assert talk.plan.items[0].decision.workspace_name == "dbw-terns-dev"


async def test_with_a_workspace_that_is_deployed(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    await ask_everything(talk)


async def test_with_nothing_at_all(talk: ByHand) -> None:
    await talk.tell("hi", means("greet"))
    await ask_everything(talk)


async def test_a_what_if_shows_the_difference_and_is_taken_up_as_a_change(talk: ByHand) -> None:
    plan = await talk.planned(TERNS)
    await talk.tell("what if it were always 2 workers?", means("cost", says(min_workers=2, max_workers=2)))
    assert "That is 375.94 → 443.38, +67.44 USD a month." in talk.text
    assert "Say “use it” to change the plan to that; “yes” builds it as it was shown." in talk.text
    await talk.tell("yes, do that")
    assert (talk.state.act, talk.decided, talk.names) == ("amend", ["superseded"], [])
    assert (talk.plan.plan_id != plan.plan_id, talk.plan.items[0].decision.min_workers) == (True, 2)


async def test_after_a_what_if_a_plain_yes_builds_the_plan_as_it_was_shown(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("what if it were always 2 workers?", means("cost", says(min_workers=2, max_workers=2)))
    await talk.tell("yes")
    assert (talk.state.act, talk.names) == ("confirm", ["dbw-terns-dev"])


async def test_a_what_if_of_a_deployed_workspace_is_of_that_workspace(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    await talk.tell("what if it always had 2 workers?", means("cost", says(min_workers=2, max_workers=2)))
    assert "With that, dbw-terns-dev would cost" in talk.text
    assert "375.94 → 443.38" in talk.text
    await talk.tell("use it")
    assert (talk.plan.action, talk.plan.items[0].decision.min_workers) == ("change", 2)


async def test_a_price_that_was_asked_for_is_ordered_with_create_it(talk: ByHand) -> None:
    await talk.tell("how much would this be?", means("cost", TERNS))
    await talk.tell("ok create it then")
    assert (talk.state.act, talk.plan.items[0].decision.workspace_name) == ("provision", "dbw-terns-dev")


async def test_reasons_of_a_plan_for_several_are_told_for_each(talk: ByHand) -> None:
    await talk.planned(TERNS, TERNS.model_copy(update={"environment": "staging"}))
    await talk.tell("why that network?", dataclasses.replace(means("explain"), topic=("network",)))
    assert talk.text.index("**dbw-terns-dev**") < talk.text.index("**dbw-terns-staging**")


async def test_a_question_about_another_workspace_is_answered_for_that_one(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    gulls = TERNS.model_copy(update={"team": "gulls", "region": "westeurope"})
    await talk.planned(gulls)
    await talk.tell("what does dbw-terns-dev cost?", means("cost", says(workspace_name="dbw-terns-dev")))
    assert "dbw-terns-dev is estimated at about" in talk.text
    asked = dataclasses.replace(means("explain", says(workspace_name="dbw-terns-dev")), topic=("region",))
    await talk.tell("why is dbw-terns-dev there?", asked)
    assert "eastus" in talk.text
    assert "westeurope" not in talk.text


async def test_what_is_another_service_is_told_by_its_name(talk: ByHand) -> None:
    plan = await talk.planned(TERNS)
    await talk.tell("an AKS cluster please", Understanding("out_of_scope", topic=("Azure Kubernetes Service",)))
    assert talk.text.startswith("I don't create Azure Kubernetes Service:")
    assert talk.state.pending_plan == plan.plan_id


async def test_whoever_is_shown_a_plan_asks_about_that_plan(talk: ByHand) -> None:
    plan = await talk.planned(TERNS)
    await talk.tell(f"show {plan.plan_id}", by=INES, at="other")
    await talk.tell("what would it cost?", means("cost"), by=INES, at="other")
    assert talk.text.startswith("This would cost about **375.94 USD** a month")
    await talk.tell("and with 2 workers?", means("cost", says(min_workers=2, max_workers=2)), by=INES, at="other")
    assert "375.94 → 443.38, +67.44 USD" in talk.text
    assert "use it" not in talk.text


async def test_extending_what_is_about_to_be_destroyed_keeps_it(talk: ByHand) -> None:
    await talk.planned(TERNS.model_copy(update={"expires_in_days": 14}))
    await talk.tell("yes")
    named = says(workspace_name="dbw-terns-dev")
    await talk.tell("destroy dbw-terns-dev", means("destroy", named))
    await talk.tell("keep it a week longer", means("extend", named.model_copy(update={"expires_in_days": 7})))
    assert (talk.decided, talk.state.pending_plan) == (["superseded"], None)
    await talk.tell("yes")
    assert (talk.state.act, talk.names) == ("unclear", ["dbw-terns-dev"])


async def test_asking_whether_what_is_about_to_be_destroyed_shall_end_later_keeps_it(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    named = says(workspace_name="dbw-terns-dev")
    await talk.tell("destroy dbw-terns-dev", means("destroy", named))
    await talk.tell("keep it a week longer", means("extend", named.model_copy(update={"expires_in_days": 7})))
    assert (talk.decided, talk.state.pending_plan) == (["superseded"], None)
    assert talk.state.open_questions == ("expires_in_days",)


@pytest.mark.parametrize(
    ("act", "told"),
    [("status", "message"), ("export", "file"), ("history", "message"), ("destroy", "message"), ("extend", "message")],
)
async def test_what_is_only_planned_is_spoken_of_as_such(talk: ByHand, act: Act, told: str) -> None:
    plan = await talk.planned(TERNS)
    named = says(workspace_name="dbw-terns-dev", expires_in_days=3 if act == "extend" else None)
    await talk.tell(f"{act} dbw-terns-dev", means(act, named))
    assert told in [event.type for event in talk.last]
    assert (talk.state.pending_plan, talk.decided, "I know no workspace" in talk.text) == (plan.plan_id, [], False)


async def test_a_configuration_that_was_compared_is_picked_by_its_number_as_a_change(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("anything cheaper?", means("compare"))
    await talk.tell("1")
    assert (talk.decided, talk.names, talk.plans) == (["superseded"], [], 1)


async def test_after_it_is_deployed_a_question_is_of_that_workspace(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    await talk.tell("how much is it?", means("cost"))
    assert "dbw-terns-dev is estimated at about **375.94 USD** a month" in talk.text


async def test_how_a_plan_stands_is_told_in_a_sentence_and_shown_when_asked(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("what is the status?", means("status"))
    assert talk.plans == 0
    assert "the plan to create dbw-terns-dev (about 375.94 USD a month) waits for Ana or " in talk.text
    assert "somebody with the role approver until" in talk.text
    await talk.tell("show me the plan", means("status"))
    assert talk.plans == 1
