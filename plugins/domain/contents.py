"""What still lives in a workspace, as somebody found who asked it: what a destroy would take with it."""

from collections.abc import Mapping
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, JsonValue

Why = Literal["no_address", "not_in_time", "no_sign_in", "not_let_in", "not_reached", "not_understood", "no_catalog"]


class Found(BaseModel):
    """What there is of a kind, by name; `is_part` where there may be more. `unseen` says why nobody could look."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...] = ()
    is_part: bool = False
    unseen: Why | None = None


class WorkspaceContents(BaseModel):
    """Names. `running` are clusters that run, other than the one that was planned with the workspace; of that one
    `own_runs` tells; `runs` are runs of jobs that are under way, `jobs` those that are defined. `unseen` says why
    nobody could look; the rest is empty then. `tables` are those of Unity Catalog that Terraform's identity may see.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    running: tuple[str, ...] = ()
    own_runs: bool = False
    runs: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    tables: Found = Found()
    notebooks: Found = Found()
    unseen: Why | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something of somebody's runs there."""
        return bool(self.running or self.runs)


class ContentsLook(Protocol):
    """Asks the workspace. Changes nothing, and never raises."""

    async def contents(self, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
        """What lives in the workspace that an apply gave these outputs of."""
        ...
