"""How far the work of one turn is, folded event by event into what one message shows. Pure.

The state is kept beside the message, so that whoever sends next goes on with it.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.channels.messaging.port import CardButton, Click, RunLine, ShownProgress
from agent.events import Progress, Result
from agent.wording import phrase, state

FEW = 10
"""Workspaces that are shown by name; of more only those under way are."""

_GOOD = ("succeeded", "destroyed")

PlanningEnd = Literal["planned", "unplanned"]


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
    is_bad: bool = False


class KeptProgress(BaseModel):
    """`total` is how many workspaces it is about; `lines` by deployment, those that ended go when there are many.
    `closed` says how the planning ended, which no line tells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversation: str
    planning: bool
    total: int
    ended: int = 0
    failed: int = 0
    lines: dict[str, KeptLine] = {}
    closed: PlanningEnd | None = None

    @property
    def is_over(self) -> bool:
        return self.closed is not None if self.planning else self.ended >= self.total

    def after(self, progress: Progress, workspace_name: str) -> "KeptProgress":
        was = self.lines.get(progress.deployment_id)
        if was is not None and was.ended is not None:  # told late: it is over
            return self
        line = KeptLine(
            workspace_name=workspace_name,
            **progress.model_dump(include={"deployment_id", "step", "text", "done", "total", "elapsed_s"}),
        )
        if not self.planning:
            return self.model_copy(update={"lines": {**self.lines, progress.deployment_id: line}})
        # Planning counts workspaces, which stand above the line already: "0 of 1" of one says nothing.
        one = line.model_copy(update={"done": 0, "total": 0})
        return self.model_copy(update={"total": progress.total, "ended": progress.done, "lines": {"": one}})

    def planned(self, end: PlanningEnd) -> "KeptProgress":
        """The planning is over: a plan stands below it, or none came of it."""
        ended = self.total if end == "planned" else self.ended
        update: dict[str, object] = {"ended": phrase("messaging.progress.no_plan"), "is_bad": True}
        shown = self.lines if end == "unplanned" else {}
        lines = {key: line.model_copy(update=update) for key, line in shown.items() if line.workspace_name}
        return self.model_copy(update={"closed": end, "ended": ended, "lines": lines})

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
        is_bad = result.status not in _GOOD
        over = begun.model_copy(update={"ended": state(result.status), "is_bad": is_bad})
        lines = {**self.lines, result.deployment_id: over}
        if self.total > FEW:
            del lines[result.deployment_id]
        failed = self.failed + is_bad
        return self.model_copy(update={"lines": lines, "ended": self.ended + 1, "failed": failed})

    def shown(self) -> ShownProgress:
        lines = tuple(RunLine(**line.model_dump()) for line in list(self.lines.values())[:FEW])
        ended = "ended" if self.failed else "over"
        at_it = "planning" if self.planning else ended if self.is_over else "applying"
        key = f"messaging.progress.{self.closed or at_it}"
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
