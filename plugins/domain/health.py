"""Whether a workspace works, as somebody found who asked the cloud and not the records."""

from collections.abc import Mapping
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, JsonValue

Verdict = Literal["works", "broken", "unchecked"]


class HealthFinding(BaseModel):
    """One thing that was looked at. `text` is a sentence for people; "unchecked" says why it could not be looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Literal["address", "cluster"]
    verdict: Verdict
    text: str


class WorkspaceHealth(BaseModel):
    """What a look found, its address first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    findings: tuple[HealthFinding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of them: what is broken outweighs what nobody could look at."""
        verdicts = {finding.verdict for finding in self.findings}
        return "broken" if "broken" in verdicts else "unchecked" if "unchecked" in verdicts else "works"

    @property
    def text(self) -> str:
        return " ".join(finding.text for finding in self.findings)


class HealthLook(Protocol):
    """Asks the cloud. Changes nothing, and never raises: what cannot be looked at is a finding."""

    async def look(self, outputs: Mapping[str, JsonValue]) -> WorkspaceHealth:
        """How the workspace is that an apply gave these outputs of."""
        ...
