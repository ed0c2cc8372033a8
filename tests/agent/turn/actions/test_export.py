"""The Terraform of a workspace, or of every workspace of a plan, as files named for it."""

from collections.abc import Mapping
from dataclasses import replace

from one_turn import FERN, MINT, OneTurn, text

from agent.events import File
from agent.turn.actions.export import export_deployed, export_plan
from agent.turn.context import Outcome, TurnContext
from plugins.domain.deployment import Deployment
from plugins.domain.plan import TerraformFiles

FILES = {"terraform.tfvars.json": "{}", "main.tf": "# main", "README.md": "# read"}


def exporting(context: TurnContext) -> TurnContext:
    def export(_: Deployment) -> Mapping[str, str]:
        return FILES

    return replace(context, settings=replace(context.settings, export=export))


def files(outcome: Outcome) -> list[tuple[str, str, str | None]]:
    return [(event.name, event.media_type, event.content) for event in outcome.events if isinstance(event, File)]


def test_a_workspace_is_given_as_files_in_order(turn: OneTurn) -> None:
    outcome = export_deployed(exporting(turn.context()), turn.deployed(MINT))
    assert text(outcome) == "The Terraform of dbw-mint-dev: 3 files. The values are in terraform.tfvars.json."
    assert files(outcome) == [
        ("dbw-mint-dev/README.md", "text/markdown", "# read"),
        ("dbw-mint-dev/main.tf", "text/plain", "# main"),
        ("dbw-mint-dev/terraform.tfvars.json", "application/json", "{}"),
    ]


def test_a_plan_is_given_workspace_by_workspace_and_goes_on_waiting(turn: OneTurn) -> None:
    pending = turn.pending("pln_1", MINT)
    kept = turn.records.plan("pln_1")
    assert kept is not None
    (mint,) = kept[0].items
    fern = mint.model_copy(
        update={
            "request": FERN,
            "decision": mint.decision.model_copy(update={"workspace_name": "dbw-fern-dev"}),
            "files": TerraformFiles(files={"main.tf": "# fern", "versions.tf": ""}),
        }
    )
    plan = kept[0].model_copy(update={"items": (mint, fern)})
    outcome = export_plan(turn.context(pending=pending), plan)
    assert files(outcome) == [
        ("dbw-fern-dev/main.tf", "text/plain", "# fern"),
        ("dbw-fern-dev/versions.tf", "text/plain", ""),
    ]
    assert text(outcome) == (
        "The Terraform of dbw-mint-dev: 0 files. The values are in terraform.tfvars.json. Your plan is unchanged and"
        " still waits for your decision.\n"
        "The Terraform of dbw-fern-dev: 2 files. The values are in terraform.tfvars.json. Your plan is unchanged and"
        " still waits for your decision."
    )
    assert outcome.conversation.pending == pending
