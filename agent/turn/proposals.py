"""Drafts decided, priced and checked: what each comes to, or what stands against it.

The one place that says whether a draft may be planned; how that is told is the action's business.
"""

from dataclasses import dataclass

from agent.dialogue.drafts import Draft
from agent.turn.context import TurnContext
from agent.turn.deployed_drafts import as_it_stands, deployed_of, with_its_end
from agent.views.networks import neighbours_of
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
    """Rules of the platform deny it."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class AboveLimit:
    """Its expected month is above the limit that holds for it."""

    draft: Draft
    proposal: Proposal
    excess: Excess


class ProposalSeries:
    """Drafts that become one plan: each is held against what stands and against those before it."""

    def __init__(self, context: TurnContext) -> None:
        self._context = context
        self._names = set(context.taken_names())
        self._neighbours = neighbours_of(context.records, context.settings.platform)

    def propose(self, draft: Draft) -> Proposal | NameTaken | Impossible:
        """The draft decided and priced, as what exists lets it be."""
        name = draft.request.workspace_name
        exists = draft.changes or draft.adopt is not None
        if name is not None and not exists and self._is_taken(name):
            return NameTaken(name)
        deployed = deployed_of(self._context, draft)
        # Where workspaces share nothing the neighbours are none; what stands of this very one is needed all the same.
        if deployed is not None:
            self._neighbours.add(deployed.decision)
        try:
            proposal = propose(
                with_its_end(draft.request, deployed, self._context.today),
                self._context.settings.platform,
                identity=draft.deployment_id or "",
                today=self._context.today,
                taken=frozenset(self._names - {name} if exists else self._names),
                among=self._neighbours,
            )
            return as_it_stands(self._context, draft, deployed, proposal)
        except InvalidRequest as error:
            return Impossible(error.problem, error.remedy)

    def add(self, proposal: Proposal) -> None:
        """It is part of the plan: those that follow are held against it."""
        self._names.add(proposal.decision.workspace_name)
        self._neighbours.add(proposal.decision)

    def _is_taken(self, name: str) -> bool:
        """Azure takes two spellings of case for one name."""
        return name.casefold() in {taken.casefold() for taken in self._names}


def why_unplannable(draft: Draft, proposal: Proposal) -> Denied | AboveLimit | None:
    """What the platform's rules or a limit say against it."""
    # What is taken over is checked as it is found, when it is planned: only Terraform looks at the cloud.
    if draft.adopt is not None:
        return None
    if proposal.denials:
        return Denied(proposal.denials)
    return AboveLimit(draft, proposal, proposal.excess) if proposal.excess is not None else None
