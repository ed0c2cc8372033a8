"""Journeys in threads: from a sentence to a workspace, changing one's mind, production with a second person."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from slack_journey import buttons_of, labels_of, slack_journey, text_of

from agent.channels.cards.slack_blocks import faults
from agent.channels.slack.double.sending import pressed
from agent.channels.slack.double.workspace import BOT, ApiRefusal

pytestmark = pytest.mark.integration

ORDER = "@brickie databricks for the ml team in dev, training"


async def test_from_a_sentence_to_a_workspace_in_one_thread(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        thread = await slack.say("U0ANA", ORDER)
        plan = slack.newest("C0PLATFORM", "New workspace: dbw-ml-dev")
        assert plan["thread_ts"] == thread
        assert labels_of(plan) == [
            "Approve",
            "Reject",
            "\N{MINUS SIGN}91.34 USD: smaller machines (E2ds_v6)",
            "\N{MINUS SIGN}96.72 USD: 20 hours a week",
            "\N{MINUS SIGN}142.39 USD: smaller machines (E2ds_v6), 20 hours a week",
            "Edit…",
            "Open the page",
        ]
        await slack.press("U0ANA", plan, "Approve")
        assert "Approved by Ana Ruiz in Slack" in text_of(plan).replace("*", "")
        assert "Approve" not in labels_of(plan)
        result = slack.newest("C0PLATFORM", "is ready")
        assert "<@U0ANA>" in text_of(result)
        assert "Open the workspace" in labels_of(result)
        assert all(one["thread_ts"] == thread for one in slack.workspace.shown_in("C0PLATFORM") if one["ts"] != thread)
        for message in slack.thread(thread):
            assert faults(message["blocks"]) == []


async def test_what_is_asked_is_answered_by_a_form_and_by_words(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        thread = await slack.say("U0ANA", "@brickie databricks for training")
        asked = slack.thread(thread)[-1]
        assert "input" in {block["type"] for block in asked["blocks"]}
        await slack.say("U0ANA", "team ml, dev", thread=thread)
        assert "New workspace: dbw-ml-dev" in text_of(slack.thread(thread)[-1])


async def test_one_changes_ones_mind_in_the_form_and_in_the_thread(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        thread = await slack.say("U0ANA", ORDER)
        first = slack.newest("C0PLATFORM", "New workspace")
        await slack.press("U0ANA", first, "Edit…")
        await slack.fill("U0ANA", {"region": "westeurope", "owner": "ana@contoso.com"})
        assert "Replaced by a newer plan" in text_of(first)
        assert "westeurope" in text_of(slack.newest("C0PLATFORM", "New workspace"))
        await slack.say("U0ANA", "no spot, and make it staging", thread=thread)
        assert "staging" in text_of(slack.newest("C0PLATFORM", "New workspace: dbw-ml-staging"))


async def test_a_click_on_a_plan_that_was_replaced_does_nothing_and_says_so(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        thread = await slack.say("U0ANA", ORDER)
        first = slack.newest("C0PLATFORM", "New workspace")
        stale = {**first, "blocks": list(first["blocks"])}
        await slack.say("U0ANA", "make it westus2", thread=thread)
        await slack.press("U0ANA", stale, "Approve")
        private = [one for one in slack.workspace.shown_in("C0PLATFORM") if one.get("only_for") == "U0ANA"]
        assert "Nothing was done" in text_of(private[-1])
        assert slack.terraform.applied == []


async def test_production_takes_a_second_person_who_types_its_name(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        thread = await slack.say("U0ANA", "@brickie databricks for the ml team in prod, training, up to 2 workers")
        asked = slack.newest("C0APPROVALS", "asks for this")
        assert "Ana Ruiz" in text_of(asked)
        assert "the approvers' channel in Slack" in text_of(slack.thread(thread))
        await slack.press("U0ANA", asked, "Approve")
        assert slack.terraform.applied == []
        await slack.press("U0INES", asked, "Approve")
        assert "Ines Ortega is deciding" in text_of(asked).replace("*", "")
        assert buttons_of(asked) == []
        wrong = await slack.fill("U0INES", {"typed": "dbw-ml-dev"})
        assert "errors" in wrong
        await slack.fill("U0INES", {"typed": "dbw-ml-prod", "comment": "until March"})
        for place in ("C0APPROVALS", "C0PLATFORM"):
            decided = slack.newest(place, "✅ *Approved* by Ines Ortega in Slack")
            assert "until March" in text_of(decided)
            assert labels_of(decided) == ["History and audit"]
        assert "dbw-ml-prod" in text_of(slack.newest("C0PLATFORM", "is ready"))


async def test_who_may_not_decide_hears_it_alone(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        await slack.say("U0ANA", "@brickie databricks for the ml team in prod, training, up to 2 workers")
        asked = slack.newest("C0APPROVALS", "asks for this")
        await slack.press("U0BEN", asked, "Approve")
        private = [one for one in slack.workspace.shown_in("C0APPROVALS") if one.get("only_for")]
        assert [one["only_for"] for one in private] == ["U0BEN"]
        assert "deciding" not in text_of(asked)


async def test_an_approvers_channel_that_is_gone_is_not_claimed(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        slack.workspace.archived.add("C0APPROVALS")
        thread = await slack.say("U0ANA", "@brickie databricks for the ml team in prod, training, up to 2 workers")
        told = text_of(slack.thread(thread))
        assert "It waits on the page" in told
        assert "asked the approvers' channel" not in told


async def test_a_batch_from_a_csv_is_one_plan_with_pages(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        rows = "".join(f"team-{number},dev,etl\n" for number in range(20))
        slack.workspace.files["orders.csv"] = f"team,environment,workload\n{rows}".encode()
        message = slack.workspace.said("U0ANA", "C0PLATFORM", "<@U0BRICKIE>")
        shared = {
            "name": "orders.csv",
            "mimetype": "text/csv",
            "size": 400,
            "url_private": f"{slack.double.address}/files/orders.csv",
        }
        from agent.channels.slack.double.sending import message_event

        await slack.send(message_event(message, mentions=True, subtype="file_share", files=[shared]))
        plan = slack.newest("C0PLATFORM", "20 new workspaces")
        await slack.press("U0ANA", plan, "All 20 workspaces")
        assert "team-19" in text_of(list(slack.workspace.views.values())[-1])


async def test_a_slash_command_answers_its_asker_until_it_is_shared(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        await slack.order("U0ANA", "C0PLATFORM", "list my workspaces")
        private = [one for one in slack.workspace.shown_in("C0PLATFORM") if one.get("only_for") == "U0ANA"]
        assert private
        assert [one for one in slack.workspace.shown_in("C0PLATFORM") if not one.get("only_for")] == []


async def test_in_a_direct_chat_all_of_it_goes_without_a_mention(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        await slack.say("U0ANA", "databricks for the ml team in dev, training", channel="D0ANA")
        plan = slack.newest("D0ANA", "New workspace: dbw-ml-dev")
        assert plan["thread_ts"] is None
        await slack.say("U0ANA", "yes, go ahead", channel="D0ANA")
        assert "is ready" in text_of(slack.newest("D0ANA", "is ready"))


async def test_a_workspace_that_knows_no_new_blocks_gets_the_plain_ones(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        slack.workspace.unknown_blocks |= {"container", "plan", "data_table", "task_card"}
        thread = await slack.say("U0ANA", ORDER)
        shown = {block["type"] for message in slack.thread(thread) for block in message["blocks"]}
        assert "table" in shown
        assert not shown & {"container", "plan", "data_table"}


async def test_what_slack_puts_off_is_said_later_and_once(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        slack.workspace.refusals["chat.postMessage"] += [
            ApiRefusal("ratelimited", status=429, retry_after=2),
            ApiRefusal("internal_error"),
        ]
        thread = await slack.say("U0ANA", "@brickie what can you do?")
        for _ in range(4):
            await slack.settled()
        assert len(slack.thread(thread)) == 1


async def test_the_home_of_whoever_built_one_shows_it(tmp_path: Path) -> None:
    from agent.channels.slack.double.sending import event

    async with slack_journey(tmp_path) as slack:
        await slack.say("U0ANA", ORDER)
        await slack.press("U0ANA", slack.newest("C0PLATFORM", "New workspace"), "Approve")
        await slack.send(event({"type": "app_home_opened", "user": "U0ANA", "tab": "home", "channel": "D0ANA"}))
        home = {"blocks": slack.workspace.homes["U0ANA"]["blocks"]}
        assert "dbw-ml-dev" in text_of(home)
        await slack.send(event({"type": "app_home_opened", "user": "U0BEN", "tab": "home", "channel": "D0BEN"}))
        assert "dbw-ml-dev" not in text_of({"blocks": slack.workspace.homes["U0BEN"]["blocks"]})


async def test_link_gives_a_private_address(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        await slack.order("U0ANA", "C0PLATFORM", "link")
        private = [one for one in slack.workspace.shown_in("C0PLATFORM") if one.get("only_for") == "U0ANA"]
        assert "http://127.0.0.1:8765/" in text_of(private[-1])


async def test_in_the_agents_pane_it_waits_for_its_person_when_it_has_answered(tmp_path: Path) -> None:
    """Slack shows that it is at it, with its own stop button, until nothing is under way any more."""
    async with slack_journey(tmp_path) as slack:
        thread = await slack.say("U0ANA", "databricks for training", channel="D0ANA", thread="9.1")
        session = slack.workspace.sessions["D0ANA", "9.1"]
        assert (session["title"], session["status"]) == ("databricks for training", "suspended")
        await slack.say("U0ANA", "team ml, dev", channel="D0ANA", thread="9.1")
        await slack.say("U0ANA", "yes", channel="D0ANA", thread="9.1")
        shown = [call.arguments["status"] for call in slack.workspace.called("agents.sessions.setStatus")]
        assert shown[:2] == ["processing", "suspended"]
        assert shown[-1] == "suspended"
        assert all(one != after for one, after in pairwise(shown))
        assert "is ready" in text_of(slack.newest("D0ANA", "is ready"))
        assert thread


async def test_what_somebody_thinks_of_an_answer_is_kept_with_the_conversation(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        thread = await slack.say("U0ANA", "@brickie what can you do?")
        (answer,) = [one for one in slack.workspace.shown_in("C0PLATFORM") if one["user"] == BOT]
        (thumbs,) = next(block["elements"] for block in answer["blocks"] if block["type"] == "context_actions")
        for side in ("positive", "negative"):
            value = thumbs[f"{side}_button"]["value"]
            element = {"type": "feedback_buttons", "action_id": thumbs["action_id"], "value": value}
            await slack.send(pressed("U0BEN", answer, element))
        conversation = json.loads(value)["conversation"]
        kept = await slack.app.read(lambda records: records.verdicts(conversation, "slack:T0SANDBOX|U0BEN"))
        assert dict(kept) == {1: "bad"}
        elsewhere = {**answer, "channel": "C0APPROVALS"}
        await slack.send(pressed("U0INES", elsewhere, element))
        kept = await slack.app.read(lambda records: records.verdicts(conversation, "slack:T0SANDBOX|U0INES"))
        assert dict(kept) == {}
        assert thread


async def test_a_workspace_without_thumbs_keeps_its_other_new_blocks(tmp_path: Path) -> None:
    async with slack_journey(tmp_path) as slack:
        slack.workspace.unknown_blocks |= {"context_actions"}
        thread = await slack.say("U0ANA", "@brickie what can you do?")
        await slack.say("U0ANA", ORDER, thread=thread)
        shown = {block["type"] for one in slack.workspace.shown_in("C0PLATFORM") for block in one["blocks"]}
        assert "container" in shown
        assert "context_actions" not in shown
