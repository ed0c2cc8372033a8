"""A person's own text that is about the work itself, and the same as a channel gives it as a value."""

from datetime import date

import pytest
from by_hand import TERNS

from agent.dialogue.commands import Adoption, adopted, azure_id_in, commanded, import_understanding
from agent.dialogue.drafts import Draft
from agent.dialogue.state import Conversation, PendingPlan
from agent.events import (
    Command,
    FixCommand,
    ForeignCommand,
    ImportCommand,
    NotifyCommand,
    ReimportCommand,
    RenameCommand,
    RetryCommand,
    ShowCommand,
    StopCommand,
    WaitingCommand,
)

TODAY = date(2026, 11, 29)
AZURE_ID = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw-old"
IDLE = Conversation(id="cnv", workspaces=("dbw-mint-dev", "dbw-fern-dev"))
WAITS = IDLE.with_(pending=PendingPlan(plan_id="pln_1", digest="d"))
BUSY = {
    "a plan that waits": WAITS,
    "a plan that is made": IDLE.with_(planning="pln_1"),
    "a draft": IDLE.with_(drafts=(Draft(request=TERNS),)),
    "a question": IDLE.with_(asked=("team",)),
}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("what waits for me?", WaitingCommand()),
        ("What\N{RIGHT SINGLE QUOTATION MARK}s waiting for approval", WaitingCommand()),
        ("pending plans", WaitingCommand()),
        ("approvals", WaitingCommand()),
        ("show pln_1", ShowCommand(plan_id="pln_1")),
        ("Review me the plan PLN_1.", ShowCommand(plan_id="pln_1")),
        ("show pln_1 and destroy it", None),
        ("fix the drift", FixCommand(workspace_name="dbw-mint-dev")),
        ("undo the outside changes of dbw-fern-dev", FixCommand(workspace_name="dbw-fern-dev")),
        ("reimport dbw-fern-dev", ReimportCommand(workspace_name="dbw-fern-dev")),
        ("recover the terraform state of it", ReimportCommand(workspace_name="dbw-mint-dev")),
        ("notify results on", NotifyCommand(value="on")),
        ("notify me of results", NotifyCommand()),
        ("Notify", NotifyCommand()),
        ("notify digest off", NotifyCommand(what="digest", value="off")),
        ("tell me the results on my other channels too.", NotifyCommand(value="on")),
        ("please tell me what becomes of my request on Slack as well", NotifyCommand(value="on")),
        ("stop telling me the results on my other channels", NotifyCommand(value="off")),
        ("tell me only here", NotifyCommand(value="off")),
        ("notify off", NotifyCommand(value="off")),
        ("Notify me off.", NotifyCommand(value="off")),
        ("notify on", NotifyCommand(value="on")),
        ("notify me on", NotifyCommand(value="on")),
        ("notify off on", None),
        ("notify me of offers off", NotifyCommand(what="offers", value="off")),
        ("don't tell me on slack", NotifyCommand(what="slack", value="off")),
        ("stop telling me the results on Microsoft Teams", NotifyCommand(what="teams", value="off")),
        ("never notify me on the web page", NotifyCommand(what="web", value="off")),
        ("notify slack off", NotifyCommand(what="slack", value="off")),
        ("don't tell me on my other channels", NotifyCommand(value="off")),
        ("tell me the results", None),
        ("notify results on and destroy it", None),
        ("tell me on Slack what dbw-mint-dev costs", None),
        (f"delete {AZURE_ID}", ForeignCommand(azure_id=AZURE_ID)),
    ],
)
def test_what_is_a_command_whatever_is_in_hand(text: str, command: Command | None) -> None:
    assert [commanded(text, conversation) for conversation in (IDLE, WAITS)] == [command, command]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("retry", RetryCommand()),
        ("please try again", RetryCommand()),
        ("retry the failed ones", RetryCommand()),
        ("stop", StopCommand()),
        ("cancel the deployment", StopCommand()),
        ("stop dbw-mint-dev", StopCommand(workspace_name="dbw-mint-dev")),
        ("rename dbw-mint-dev to dbw-new", RenameCommand(workspace_name="dbw-mint-dev")),
        ("retry with 4 workers", RetryCommand(changes="with 4 workers")),
        ("stop dbw-mint-dev from expiring", None),
    ],
)
def test_what_is_one_only_where_nothing_else_is_open(text: str, command: Command | None) -> None:
    assert commanded(text, IDLE) == command
    assert {name: commanded(text, conversation) for name, conversation in BUSY.items()} == dict.fromkeys(BUSY)


def test_a_stop_where_nothing_was_spoken_of_is_none() -> None:
    assert commanded("stop", Conversation(id="cnv")) is None
    assert commanded("fix the drift", Conversation(id="cnv")) == FixCommand(workspace_name=None)


def test_a_taking_over_begins_with_its_verb_and_names_an_azure_id() -> None:
    assert adopted(f"please import {AZURE_ID} for team mint") == Adoption(
        AZURE_ID, "databricks workspace   for team mint"
    )
    assert adopted(f"what is {AZURE_ID}") is None
    assert adopted("import dbw-old") is None


@pytest.mark.parametrize(
    ("words", "stated"),
    [
        (
            ("Data Platform", "dev", "etl"),
            {"team": "data-platform", "environment": "dev", "workload_type": "data_engineering"},
        ),
        (
            ("the ledger team", "prod", "machine_learning"),
            {"team": "ledger", "environment": "prod", "workload_type": "machine_learning"},
        ),
        (
            ("mint", "staging", "BI dashboards"),
            {"team": "mint", "environment": "staging", "workload_type": "analytics"},
        ),
        (("mint", "dev", "blah"), {"team": "mint", "environment": "dev"}),
        (("", "dev", ""), {"environment": "dev"}),
    ],
)
def test_an_import_is_read_word_by_word_and_the_rest_left_open(
    words: tuple[str, str, str], stated: dict[str, str]
) -> None:
    team, environment, workload = words
    command = ImportCommand(azure_id=AZURE_ID, team=team, environment=environment, workload=workload)
    understood = import_understanding(command, TODAY)
    assert understood.requests[0].stated() == {"capability": "databricks", **stated}


def test_nothing_that_is_said_of_an_import_is_settled_or_lost_in_silence() -> None:
    """Two workloads are asked about, a wish beside the workload is kept, and each value names its words."""
    doubtful = import_understanding(
        ImportCommand(azure_id=AZURE_ID, team="mint", environment="dev", workload="ETL and SQL"), TODAY
    )
    assert [doubt.slot for doubt in doubtful.doubts] == ["workload_type"]
    wishful = import_understanding(
        ImportCommand(azure_id=AZURE_ID, team="mint", environment="dev", workload="etl, no gpu"), TODAY
    )
    assert wishful.requests[0].enable_gpu is False
    assert dict(wishful.statements[0].sources)["workload_type"] == "etl"


def test_a_longer_address_of_a_workspace_holds_its_id() -> None:
    assert azure_id_in(f"https://portal.example.com/#@contoso/resource{AZURE_ID}/overview") == AZURE_ID
    assert azure_id_in("dbw-old") is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("stop the work on the workspace called dbw-ml-dev", StopCommand(workspace_name="dbw-ml-dev")),
        ("plan the workspace called dbw-ml-dev", FixCommand(workspace_name="dbw-ml-dev")),
        ("Re-import the workspace called dbw-ml-dev", ReimportCommand(workspace_name="dbw-ml-dev")),
    ],
)
def test_a_command_said_as_a_conversation_remembers_it_means_the_same(text: str, command: Command) -> None:
    """Also while a plan waits: it names its workspace, so it is no answer."""
    waiting = Conversation(id="c").with_(pending=PendingPlan(plan_id="pln_1", digest="d"))
    assert commanded(text, waiting) == command
