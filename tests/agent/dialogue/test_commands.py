"""A person's own text that is about the work itself, and the same as a channel gives it as a value."""

import pytest
from by_hand import TERNS

from agent.dialogue.commands import Adoption, adopted, commanded, import_request
from agent.dialogue.drafts import Draft
from agent.dialogue.state import Conversation, PendingPlan
from agent.events import (
    Command,
    FixCommand,
    ForeignCommand,
    ImportCommand,
    ReimportCommand,
    RenameCommand,
    RetryCommand,
    ShowCommand,
    StopCommand,
    WaitingCommand,
)

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
        ("retry with 4 workers", None),
        ("stop dbw-mint-dev from expiring", None),
    ],
)
def test_what_is_one_only_where_nothing_else_is_open(text: str, command: Command | None) -> None:
    assert commanded(text, IDLE) == command
    assert {name: commanded(text, conversation) for name, conversation in BUSY.items()} == dict.fromkeys(BUSY)


def test_a_stop_where_nothing_was_spoken_of_is_none() -> None:
    assert commanded("stop", Conversation(id="cnv")) is None
    assert commanded("fix the drift", Conversation(id="cnv")) == FixCommand(workspace_name=None)


@pytest.mark.parametrize(
    "text",
    ["plan the workspace called dbw-mint-dev", "stop the work on the workspace called dbw-mint-dev"],
)
def test_no_sentence_of_our_own_is_read(text: str) -> None:
    assert commanded(text, IDLE) is None


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
    assert import_request(command).stated() == {"capability": "databricks", **stated}
