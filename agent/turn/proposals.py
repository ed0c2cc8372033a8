"""Drafts decided, priced and checked: what each comes to, or what stands against it.

The one place that says whether a draft may be planned; how that is told is the action's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.dialogue.drafts import Draft
from agent.turn.context import TurnContext
from agent.turn.deployed_drafts import as_it_stands, deployed_of, with_its_end
from agent.turn.facts import demand
from agent.views.networks import neighbours_of
from plugins.check.azure_quota import needs
from plugins.databricks.proposal import Proposal, propose
from plugins.domain.errors import InvalidRequest
from plugins.domain.finding import Finding
from plugins.estimate import Excess


@dataclass(frozen=True)
class NameTaken:
    """A workspace of that name stands already, or comes before it in the same plan."""

    name: str


@dataclass(frozen=True)
class Impossible:
    """It cannot be decided: what is wrong, and what to do next."""

    problem: str
    remedy: str


@dataclass(frozen=True)
class Denied:
    """Rules of the platform deny it, or Azure would."""

    findings: tuple[Finding, ...]
    draft: Draft
    proposal: Proposal


@dataclass(frozen=True)
class AboveLimit:
    """Its expected month is above the limit that holds for it."""

    draft: Draft
    proposal: Proposal
    excess: Excess


def _named(context: TurnContext) -> frozenset[str] | None:
    """The workspaces that may be named to whoever speaks, by name in lower case; None for all."""
    if context.viewer.scope is None:
        return None
    return frozenset(name.casefold() for name in context.viewer.deployed_names(context.records))


class ProposalSeries:
    """Drafts that become one plan: each is held against what stands and against those before it.

    Raises FactsMissing where Azure is to be asked about their regions first.
    """

    def __init__(self, context: TurnContext, drafts: Sequence[Draft] = ()) -> None:
        platform = context.settings.platform
        # What is taken over is looked at by Terraform alone, and where it is, is not known yet.
        places = (draft.request.region or platform.defaults.region for draft in drafts if draft.adopt is None)
        demand(context.facts, places, platform)
        self._context = context
        self._names = set(context.taken_names())
        told = {"ours": frozenset(name.casefold() for name in self._names), "named": _named(context)}
        self._facts = context.facts.model_copy(update=told)
        self._taken: dict[int, dict[tuple[str, str], int]] = {}
        self.neighbours = neighbours_of(context.records, platform)

    def propose(self, draft: Draft) -> Proposal | NameTaken | Impossible:
        """The draft decided and priced, as what exists lets it be."""
        name = draft.request.workspace_name
        exists = draft.changes or draft.adopt is not None
        if name is not None and not exists and self._is_taken(name):
            return NameTaken(name)
        context = self.informed(draft)
        deployed = deployed_of(context, draft)
        # Where workspaces share nothing the neighbours are none; what stands of this very one is needed all the same.
        if deployed is not None:
            self.neighbours.add(deployed.decision)
        try:
            proposal = propose(
                with_its_end(draft.request, deployed, context.today),
                context.settings.platform,
                identity=draft.deployment_id or "",
                today=context.today,
                taken=frozenset(self._names - {name} if exists else self._names),
                among=self.neighbours,
            )
            return as_it_stands(context, draft, deployed, proposal)
        except InvalidRequest as error:
            return Impossible(error.problem, error.remedy)

    def informed(self, draft: Draft) -> TurnContext:
        """The turn's context with what Azure says, less what those before it take."""
        if not self._facts.is_wanted or draft.adopt is not None:
            return self._context
        settings = self._context.settings
        platform = settings.platform.model_copy(update={"azure": self._facts})
        return replace(self._context, settings=replace(settings, platform=platform))

    def add(self, proposal: Proposal) -> None:
        """It is part of the plan: those that follow are held against it."""
        self._facts = self._facts.reserving(self._more(proposal))
        self._names.add(proposal.decision.workspace_name)
        self.neighbours.add(proposal.decision)

    def drop(self, proposal: Proposal) -> None:
        """It was added, and is no part of the plan after all: what it would have taken is free again."""
        self._facts = self._facts.reserving({key: -vcpus for key, vcpus in self._taken.pop(id(proposal), {}).items()})

    def _more(self, proposal: Proposal) -> dict[tuple[str, str], int]:
        """The vCPUs that it takes beyond those of what stands of it."""
        standing = self.neighbours.standing(proposal.decision.identity)
        has = needs(standing, self._facts) if standing is not None else {}
        needed = needs(proposal.decision, self._facts)
        more = {key: max(vcpus - has.get(key, 0), 0) for key, vcpus in needed.items()}
        self._taken[id(proposal)] = more
        return more

    def _is_taken(self, name: str) -> bool:
        """Azure takes two spellings of case for one name."""
        return name.casefold() in {taken.casefold() for taken in self._names}


def why_unplannable(draft: Draft, proposal: Proposal) -> Denied | AboveLimit | None:
    """What the platform's rules or a limit say against it."""
    # What is taken over is checked as it is found, when it is planned: only Terraform looks at the cloud.
    if draft.adopt is not None:
        return None
    if proposal.denials:
        return Denied(proposal.denials, draft, proposal)
    return AboveLimit(draft, proposal, proposal.excess) if proposal.excess is not None else None
