"""A command is carried out by its own action, upon the workspace of exactly that name, and counts as an act."""

import pytest
from one_turn import MINT, RITA, OneTurn, ordered, text

from agent.events import (
    Command,
    DestroyCommand,
    ExportCommand,
    FixCommand,
    ForeignCommand,
    ImportCommand,
    Incoming,
    ReimportCommand,
    RenameCommand,
    RetryCommand,
    ShowCommand,
    StopCommand,
    WaitingCommand,
)
from agent.orders import PlanOrder
from agent.turn.actions.command import command_words, obey
from plugins.domain.understanding import Act

AZURE_ID = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw-x"


@pytest.mark.parametrize(
    ("command", "act", "words"),
    [
        (WaitingCommand(), "list", "Nothing waits for you."),
        (ShowCommand(), "status", "**dbw-mint-dev** is deployed."),
        (ShowCommand(plan_id="pln_x"), "status", "There is no plan pln_x that waits"),
        (RetryCommand(), "unclear", "Nothing of this conversation failed lately"),
        (StopCommand(), "unclear", "Nothing is under way that I could stop."),
        (RenameCommand(workspace_name="dbw-mint-dev"), "unclear", "Azure cannot rename a workspace"),
        (ExportCommand(workspace_name="dbw-mint-dev"), "export", "The Terraform of dbw-mint-dev: 0 files."),
        (ForeignCommand(azure_id=AZURE_ID), "unclear", "dbw-x is not one of mine"),
    ],
)
def test_what_it_says_and_counts_as(turn: OneTurn, command: Command, act: Act, words: str) -> None:
    turn.deployed(MINT)
    outcome, counted = obey(turn.context(), command)
    assert (counted, text(outcome)[: len(words)], outcome.orders) == (act, words, ())


@pytest.mark.parametrize(
    ("command", "act", "action", "reimports"),
    [
        (FixCommand(workspace_name="dbw-mint-dev"), "amend", "change", False),
        (ReimportCommand(workspace_name="dbw-mint-dev"), "amend", "change", True),
        (DestroyCommand(workspace_name="dbw-mint-dev"), "destroy", "destroy", False),
    ],
)
def test_what_it_plans(turn: OneTurn, command: Command, act: Act, action: str, *, reimports: bool) -> None:
    turn.deployed(MINT)
    outcome, counted = obey(turn.context(), command)
    assert (counted, ordered(outcome)) == (act, [("pln_1", action, ["dbw-mint-dev"])])
    parts = [part for order in outcome.orders if isinstance(order, PlanOrder) for part in order.parts]
    assert [part.reimport for part in parts] == [reimports]


@pytest.mark.parametrize("command", [FixCommand, ReimportCommand, DestroyCommand, ExportCommand, RenameCommand])
def test_a_name_that_is_not_exactly_one_reaches_none(
    turn: OneTurn,
    command: type[FixCommand | ReimportCommand | DestroyCommand | ExportCommand | RenameCommand],
) -> None:
    turn.deployed(MINT)
    outcome, act = obey(turn.context(), command(workspace_name="dbw-mint-def"))
    assert (act, outcome.orders) == ("unclear", ())
    assert text(outcome) == "I know no workspace called dbw-mint-def. Did you mean dbw-mint-dev?"


def test_a_fix_of_nothing_is_asked_back(turn: OneTurn) -> None:
    outcome, act = obey(turn.context(), FixCommand(workspace_name=None))
    assert act == "unclear"
    assert text(outcome).startswith("There is nothing drafted to change.")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (WaitingCommand(), "which plans wait for me"),
        (ShowCommand(), "Show me the plan again"),
        (RetryCommand(), "try it again"),
        (StopCommand(workspace_name="dbw-x"), "stop the work on the workspace called dbw-x"),
        (FixCommand(workspace_name="dbw-x"), "plan the workspace called dbw-x"),
        (ReimportCommand(workspace_name="dbw-x"), "re-import the workspace called dbw-x"),
        (DestroyCommand(workspace_name="dbw-x"), "destroy the workspace called dbw-x"),
        (ExportCommand(workspace_name="dbw-x"), "export the workspace called dbw-x"),
        (RenameCommand(workspace_name="dbw-x"), "rename the workspace called dbw-x"),
        (ForeignCommand(azure_id=AZURE_ID), f"something about {AZURE_ID}"),
        (
            ImportCommand(azure_id=AZURE_ID, team="mint", environment="dev", workload="etl"),
            f"import {AZURE_ID} for team mint, dev, etl workload",
        ),
    ],
)
def test_it_is_remembered_in_words(command: Command | ImportCommand, words: str) -> None:
    assert command_words(Incoming(conversation="cnv", person=RITA, text="/as rita", command=command)) == words


def test_what_was_typed_is_remembered_as_it_was() -> None:
    assert command_words(Incoming(conversation="cnv", person=RITA, text="again")) == "again"
    assert command_words(Incoming(conversation="cnv", person=RITA)) == ""
