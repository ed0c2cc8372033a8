"""A command through a whole turn: nobody reads a sentence of ours, and none of it is consent."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from by_hand import TERNS, ByHand
from talking import ANA

from agent.events import (
    Command,
    DestroyCommand,
    ExportCommand,
    File,
    FixCommand,
    ImportCommand,
    Incoming,
    ShowCommand,
    StopCommand,
)

pytestmark = pytest.mark.integration

AZURE_ID = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-old"
    "/providers/Microsoft.Databricks/workspaces/dbw-old"
)
TOKEN = "dapi" + "0123456789abcdef" * 2


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[ByHand]:
    opened = ByHand(tmp_path)
    yield opened
    await opened.app.close()


async def order(talk: ByHand, command: Command | ImportCommand, *, text: str | None = None, at: str = "cli") -> None:
    talk.last = await talk.hear(Incoming(conversation=at, person=ANA, text=text, command=command))


def importing(**words: str) -> ImportCommand:
    said = {"azure_id": AZURE_ID, "team": "Data Platform", "environment": "prod", "workload": "etl", **words}
    return ImportCommand.model_validate(said)


async def test_an_import_is_planned_for_the_team_that_is_named(talk: ByHand) -> None:
    await order(talk, importing())
    (item,) = talk.plan.items
    assert (item.request.team, item.request.environment, item.request.workload_type) == (
        "data-platform",
        "prod",
        "data_engineering",
    )
    assert (talk.state.act, item.decision.workspace_name, talk.plan.sources) == ("provision", "dbw-old", ({},))


async def test_of_an_import_what_cannot_be_read_is_asked(talk: ByHand) -> None:
    await order(talk, importing(workload="blah"))
    assert (talk.slots, talk.plans) == (["workload_type"], 0)


async def test_what_is_no_azure_id_is_said_to_be_none(talk: ByHand) -> None:
    await order(talk, importing(azure_id="dbw-old"))
    assert talk.text.startswith("That is not the Azure resource id of a Databricks workspace.")
    assert talk.state.act == "unclear"


async def test_a_credential_in_a_command_is_told_of_and_kept_nowhere(talk: ByHand) -> None:
    await order(talk, importing(team=TOKEN))
    assert "a Databricks token" in talk.text
    assert (talk.slots, talk.plans) == (["team"], 0)
    assert TOKEN not in repr(await talk.app.database.read(lambda records: records.conversation("cli")))


async def test_a_destroy_waits_for_a_yes_of_its_own(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    await order(talk, DestroyCommand(workspace_name="dbw-terns-dev"))
    assert (talk.plan.action, talk.names) == ("destroy", ["dbw-terns-dev"])
    await talk.tell("yes", at="cli")
    assert talk.state.act == "confirm"
    assert [each.status for each in talk.state.deployments] == ["destroyed"]


async def test_a_command_leaves_what_waits_here_as_it_is(talk: ByHand) -> None:
    """The text beside it is what was typed for it, and is not read: not even as a yes."""
    plan = await talk.planned(TERNS)
    await order(talk, ShowCommand(), text="yes", at="cnv")
    assert (talk.state.act, talk.plan.plan_id, talk.names) == ("status", plan.plan_id, [])
    await order(talk, ExportCommand(workspace_name="dbw-gulls-dev"), text="no", at="cnv")
    assert (talk.state.act, talk.state.pending_plan, talk.decided) == ("unclear", plan.plan_id, [])
    await talk.tell("yes")
    assert talk.names == ["dbw-terns-dev"]


async def test_an_export_and_a_fix_reach_a_workspace_from_any_conversation(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    await order(talk, ExportCommand(workspace_name="dbw-terns-dev"))
    assert "dbw-terns-dev/main.tf" in [event.name for event in talk.last if isinstance(event, File)]
    await order(talk, StopCommand(workspace_name="dbw-terns-dev"))
    assert talk.state.act == "unclear"
    await order(talk, FixCommand(workspace_name="dbw-terns-dev"))
    assert talk.state.act == "amend"


async def test_its_conversation_is_called_by_what_it_means(talk: ByHand) -> None:
    await order(talk, DestroyCommand(workspace_name="dbw-none"))
    lines = await talk.app.database.read(lambda records: records.conversations_of(ANA.key))
    assert [line.title for line in lines] == ["destroy the workspace called dbw-none"]
    kept = await talk.app.database.read(lambda records: records.conversation("cli"))
    assert [said.text for said in kept.said if said.who == "person"] == ["destroy the workspace called dbw-none"]
