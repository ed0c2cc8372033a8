"""A conversation as a value: what is asked for, what awaits a decision, and what was put aside for another request.

Pure: every change gives a new value, which the turn keeps only if nobody else has changed the conversation meanwhile.
"""

from pydantic import BaseModel, ConfigDict

from agent.dialogue.drafts import Draft
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Doubt, EarlierMessage, Statement

REMEMBERED = 20
"""Earlier drafts that "undo that" can go back to, and names of workspaces spoken of."""


MOST_ASIDE = 9
"""Requests that are remembered beside the one in hand; the plan of an older one is decided by its own card."""


class _FrozenState(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Offer(_FrozenState):
    """A configuration that was offered, and the fields that choosing it states: of the draft, or of that workspace."""

    label: str
    changes: InfrastructureRequest
    workspace: str | None = None


class PendingPlan(_FrozenState):
    """The plan that awaits a decision. `is_shown` when it is another conversation's, shown here to be decided.

    `is_doubted` when something was said since it was last shown that may have been a no: it is shown again before a
    bare yes counts.
    """

    plan_id: str
    digest: str
    is_shown: bool = False
    is_doubted: bool = False


class WhatIf(_FrozenState):
    """A change that was asked about and not made ("what if …"), kept so that "use it" can make it."""

    statements: tuple[Statement, ...]
    doubts: tuple[Doubt, ...] = ()


class SetAsideRequest(_FrozenState):
    """A request that is put aside for another one: everything of it as it was, its plan still to be decided."""

    drafts: tuple[Draft, ...] = ()
    earlier: tuple[tuple[Draft, ...], ...] = ()
    unused: tuple[str, ...] = ()
    pending: PendingPlan | None = None
    planning: str | None = None


class Conversation(_FrozenState):
    """`drafts` are what is asked for, or what the pending plan was made of. `earlier` holds the drafts before
    each change, newest last; `unused` the words that were said of them and not used. `asked` are the slots of the last
    questions; `awaiting` the act that they serve; `days` those said of a workspace without an end (0 for none) while it
    is asked whether it shall end then. `planning` is the id of the plan being made. `workspaces` are names
    spoken of, the latest first; `listed` those that the last list showed, in `listed_turn`. `said` are the last
    messages, oldest first. `aside` are other requests, which wait until this one is decided, newest last. `version`
    counts the changes that were kept: 0 when none was.
    """

    id: str
    version: int = 0
    turn: int = 0
    drafts: tuple[Draft, ...] = ()
    earlier: tuple[tuple[Draft, ...], ...] = ()
    unused: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    awaiting: Act | None = None
    days: int | None = None
    offers: tuple[Offer, ...] = ()
    imagined: WhatIf | None = None
    pending: PendingPlan | None = None
    planning: str | None = None
    aside: tuple[SetAsideRequest, ...] = ()
    workspaces: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    listed_turn: int = 0
    said: tuple[EarlierMessage, ...] = ()

    def with_(self, **changes: object) -> "Conversation":
        return self.model_copy(update=changes)

    def makes(self, plan_id: str) -> bool:
        """Whether this plan is being made for the request in hand or for one that was put aside."""
        return plan_id in (self.planning, *(aside.planning for aside in self.aside))

    def pended(self, *, plan_id: str, digest: str) -> "Conversation":
        """The same conversation, with this plan, which it was making, awaiting a decision.

        Where it is of a request put aside, it is shown after the one in hand, which is then shown again before a bare
        yes counts for it.
        """
        pending = PendingPlan(plan_id=plan_id, digest=digest)
        if self.planning == plan_id:
            return self.with_(pending=pending, planning=None)
        return self.doubted().with_(aside=self._aside_with(plan_id, pending=pending, planning=None))

    def unplanned(self, plan_id: str, *, dropped: bool = False) -> "Conversation":
        """The same conversation, with that plan not being made any more; `dropped` with its drafts."""
        changes: dict[str, object] = {"planning": None, "drafts": ()} if dropped else {"planning": None}
        if self.planning == plan_id:
            return self.with_(**changes)
        return self.with_(aside=self._aside_with(plan_id, **changes))

    def without(self, plan_id: str, *, keeping_drafts: bool = False) -> "Conversation":
        """The same conversation, with that plan decided: its request ends, or `keeping_drafts` stays to be changed."""
        if self.pending is not None and self.pending.plan_id == plan_id:
            drafts = self.drafts if keeping_drafts else ()
            return self.with_(
                pending=None,
                planning=None,
                drafts=drafts,
                earlier=self.earlier if drafts else (),
                asked=(),
                offers=(),
                imagined=None,
                unused=self.unused if drafts else (),
            )
        return self.with_(aside=tuple(a for a in self.aside if a.pending is None or a.pending.plan_id != plan_id))

    @property
    def awaiting_decision(self) -> tuple[PendingPlan, ...]:
        """Every plan that waits here, the one in hand first."""
        return tuple(filter(None, (self.pending, *(aside.pending for aside in reversed(self.aside)))))

    @property
    def is_idle(self) -> bool:
        """True when no request is in hand."""
        return not (self.drafts or self.pending or self.planning)

    def put_aside(self) -> "Conversation":
        """The same conversation with nothing in hand: what waits for an answer or a decision is kept aside as it is."""
        if not (self.asked or self.pending or self.planning):
            return self._bare()
        held = SetAsideRequest(
            drafts=self.drafts, earlier=self.earlier, unused=self.unused, pending=self.pending, planning=self.planning
        )
        return self._bare().with_(aside=(*self.aside, held)[-MOST_ASIDE:])

    def taken_away(self) -> "Conversation":
        """The same conversation without the request in hand, which goes on elsewhere; what was put aside stays."""
        return self._bare()

    def taken_up(self, at: int = -1) -> "Conversation":
        """The same conversation with a request put aside in hand again, and what was in hand put aside instead.

        Its plan was shown before others: it is shown again before a bare yes counts.
        """
        held = self.aside[at]
        others = tuple(aside for aside in self.aside if aside is not held)
        pending = held.pending and held.pending.model_copy(update={"is_doubted": True})
        return (
            self.with_(aside=others)
            .put_aside()
            .with_(
                drafts=held.drafts, earlier=held.earlier, unused=held.unused, pending=pending, planning=held.planning
            )
        )

    def doubted(self) -> "Conversation":
        """The same conversation, its plan to be shown again before a bare yes counts."""
        return self.with_(pending=self.pending and self.pending.model_copy(update={"is_doubted": True}))

    def shown_again(self) -> "Conversation":
        """The same conversation, its plan having just been shown: a bare yes counts, and takes up nothing that was only
        supposed before.
        """
        pending = self.pending and self.pending.model_copy(update={"is_doubted": False})
        return self.with_(pending=pending, imagined=None)

    def _aside_with(self, plan_id: str, **changes: object) -> tuple[SetAsideRequest, ...]:
        return tuple(a.model_copy(update=changes) if a.planning == plan_id else a for a in self.aside)

    def _bare(self) -> "Conversation":
        return self.with_(
            drafts=(),
            earlier=(),
            unused=(),
            asked=(),
            awaiting=None,
            days=None,
            offers=(),
            imagined=None,
            pending=None,
            planning=None,
        )

    def spoke_of(self, workspace: str) -> "Conversation":
        """The same conversation, with this workspace as the one last spoken of."""
        others = tuple(name for name in self.workspaces if name != workspace)
        return self.with_(workspaces=(workspace, *others)[:REMEMBERED])
