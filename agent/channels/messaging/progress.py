"""How far the work of one turn is, folded event by event into what one message shows. Pure.

The state is kept beside the message, so that whoever sends next goes on with it.
"""

from pydantic import BaseModel, ConfigDict

from agent.channels.messaging.port import CardButton, Click, RunLine, ShownProgress
from agent.events import Progress, Result
from agent.wording import phrase, state

FEW = 10
"""Workspaces that are shown by name; of more only those under way are."""

_GOOD = ("succeeded", "destroyed")


class KeptLine(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    deployment_id: str
    workspace_name: str
    step: str
    text: str
    done: int
    total: int
    elapsed_s: float
    ended: str | None = None


class KeptProgress(BaseModel):
    """`total` is how many workspaces it is about; `lines` by deployment, those that ended go when there are many."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversation: str
    planning: bool
    total: int
    ended: int = 0
    failed: int = 0
    lines: dict[str, KeptLine] = {}

    @property
    def is_over(self) -> bool:
        return self.ended >= self.total if not self.planning else False

    def after(self, progress: Progress, workspace_name: str) -> "KeptProgress":
        was = self.lines.get(progress.deployment_id)
        if was is not None and was.ended is not None:  # told late: it is over
            return self
        line = KeptLine(
            workspace_name=workspace_name,
            **progress.model_dump(include={"deployment_id", "step", "text", "done", "total", "elapsed_s"}),
        )
        kept = self.model_copy(update={"lines": {**self.lines, progress.deployment_id: line}})
        if not self.planning:
            return kept
        # Planning tells how many of all are planned; the last of them is told by the plan itself.
        return kept.model_copy(update={"total": progress.total, "ended": progress.done, "lines": {"": line}})

    def ending(self, result: Result, workspace_name: str) -> "KeptProgress":
        was = self.lines.get(result.deployment_id)
        if was is not None and was.ended is not None:
            return self
        begun = was or KeptLine(
            deployment_id=result.deployment_id,
            workspace_name=workspace_name,
            step="apply",
            text="",
            done=0,
            total=0,
            elapsed_s=0.0,
        )
        lines = {**self.lines, result.deployment_id: begun.model_copy(update={"ended": state(result.status)})}
        if self.total > FEW:
            del lines[result.deployment_id]
        failed = self.failed + (result.status not in _GOOD)
        return self.model_copy(update={"lines": lines, "ended": self.ended + 1, "failed": failed})

    def shown(self) -> ShownProgress:
        lines = tuple(RunLine(**line.model_dump()) for line in list(self.lines.values())[:FEW])
        key = "messaging.progress.planning" if self.planning else "messaging.progress.applying"
        return ShownProgress(
            conversation=self.conversation,
            title=phrase(key),
            lines=lines,
            ended=self.ended,
            failed=self.failed,
            total=self.total,
            stop=None if self.planning or self.is_over else self._stop(),
        )

    def _stop(self) -> CardButton:
        only = next(iter(self.lines.values()), None) if self.total == 1 else None
        name = only.workspace_name if only is not None else None
        click = Click(verb="stop", conversation=self.conversation, value=name)
        return CardButton(phrase("messaging.buttons.stop"), click, "danger")
