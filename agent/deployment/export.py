"""The Terraform of a deployed workspace as a person takes it away: the files, and a README that says what they are."""

from collections.abc import Callable, Mapping

from agent.settings import StateStorage
from agent.wording import Wording, estimated
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment
from plugins.domain.plan import TerraformFiles

Exported = Callable[[Deployment], Mapping[str, str]]


def exporter(
    generate: Callable[[InfrastructureDecision], TerraformFiles], wording: Wording, state: StateStorage
) -> Exported:
    """What gives a deployment's files, name → text, README.md among them."""

    def files_of(deployment: Deployment) -> Mapping[str, str]:
        return {"README.md": _readme(deployment, wording, state), **generate(deployment.decision).files}

    return files_of


def _readme(deployment: Deployment, wording: Wording, state: StateStorage) -> str:
    text = wording.say(
        "terraform_readme",
        deployment=deployment,
        decision=deployment.decision,
        cost=estimated(deployment.cost),
        state=state,
    )
    return text + "\n"
