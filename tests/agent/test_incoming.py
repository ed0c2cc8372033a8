"""What comes in: a text, a button or a command; kept and read back as it was, and without a credential."""

import pytest
from talking import ANA

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

TOKEN = "dapi" + "0123456789abcdef" * 2
AZURE_ID = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw-x"


@pytest.mark.parametrize(
    "command",
    [
        WaitingCommand(),
        ShowCommand(),
        ShowCommand(plan_id="pln_1"),
        RetryCommand(),
        StopCommand(),
        StopCommand(workspace_name="dbw-x"),
        FixCommand(workspace_name=None),
        ReimportCommand(workspace_name="dbw-x"),
        DestroyCommand(workspace_name="dbw-x"),
        ExportCommand(workspace_name="dbw-x"),
        RenameCommand(workspace_name="dbw-x"),
        ForeignCommand(azure_id=AZURE_ID),
        ImportCommand(azure_id=AZURE_ID, team="mint", environment="dev", workload="etl"),
    ],
)
def test_a_command_is_read_back_as_it_was_kept(command: Command | ImportCommand) -> None:
    incoming = Incoming(conversation="cnv", person=ANA, text="/as ana", command=command)
    assert Incoming.model_validate_json(incoming.model_dump_json()) == incoming


def test_what_was_kept_before_there_were_commands_is_read_too() -> None:
    document = Incoming(conversation="cnv", person=ANA, text="yes").model_dump_json(exclude={"command"})
    assert Incoming.model_validate_json(document).command is None


def test_a_credential_in_a_command_is_cut_out_and_known_of() -> None:
    command = ImportCommand(azure_id=AZURE_ID, team=TOKEN, environment="dev", workload="etl")
    incoming = Incoming(conversation="cnv", person=ANA, command=command)
    assert TOKEN not in incoming.model_dump_json()
    assert [kind.name for kind in incoming.removed] == ["a Databricks token"]
