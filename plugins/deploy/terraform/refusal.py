"""What becomes of a command that changes nothing and did not succeed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from plugins.deploy.sentences import SAYS
from plugins.deploy.terraform.failures import diagnostics_of, failure_of
from plugins.deploy.terraform.process import CommandResult, TerraformCommand
from plugins.domain.deployment import Failure
from plugins.domain.errors import DeploymentFailed


class PlanRefused(DeploymentFailed):
    """A command that changes nothing did not succeed. `diagnostics` are Terraform's own, for code alone: they may hold
    what no person is to see.
    """

    def __init__(
        self, activity: str, failure: Failure, diagnostics: Sequence[Mapping[str, Any]], *, retryable: bool
    ) -> None:
        super().__init__(activity, failure.text, failure.remedy, retryable=retryable)
        self.diagnostics = diagnostics


def require_success(command: TerraformCommand, ended: CommandResult) -> CommandResult:
    """That end. Raises PlanRefused, in words for people, where the command did not succeed."""
    if ended.code == 0:
        return ended
    diagnostics = diagnostics_of(ended.output)
    # The one command that answers with a document instead of a stream.
    if command.name == "validate":
        diagnostics = json.loads(ended.output or "{}").get("diagnostics", [])
    died = ended.code is None
    failure = failure_of(diagnostics, errors=ended.errors, stopped=ended.stopped, died=died)
    raise PlanRefused(
        SAYS("terraform.running", name=command.name),
        failure,
        diagnostics,
        retryable=failure.retryable or died,  # these commands change nothing in the cloud
    )
