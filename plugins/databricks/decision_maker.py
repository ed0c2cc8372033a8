"""Requests decided for scripts, under the house rules; a house's own choices go into two methods."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

from plugins.catalogue.sizes import nearest_sizes, size
from plugins.databricks.proposal import Proposal, checked, propose
from plugins.databricks.sentences import SAYS
from plugins.domain.decision import InfrastructureDecision, Reason
from plugins.domain.errors import CostLimitExceeded, InvalidRequest
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest
from plugins.parse.fields.team.slug import slugged

_TIERS = ("premium", "trial")


class DecisionMaker:
    """Request → decision, with its reasons. A subclass may choose machines and tier itself; what it chooses is checked
    and priced like anything else, and the decision says whose choice it was.

    >>> class Frugal(DecisionMaker):
    ...     def _select_instance_types(self, request: InfrastructureRequest) -> tuple[str, str]:
    ...         return "Standard_D4ds_v5", "Standard_E4ds_v5"
    >>> wanted = InfrastructureRequest(team="ml-team", environment="dev", workload_type="data_science")
    >>> decision = Frugal().make_decisions(wanted)
    >>> (decision.workspace_name, decision.driver_instance_type, decision.worker_instance_type)
    ('dbw-ml-dev', 'Standard_D4ds_v5', 'Standard_E4ds_v5')
    """

    def __init__(self, platform: PlatformSettings | None = None) -> None:
        self._platform = platform or PlatformSettings()

    def make_decisions(self, request: InfrastructureRequest) -> InfrastructureDecision:
        """Raises InvalidRequest or CostLimitExceeded (both ValueErrors), in words for people."""
        return self.proposal(request).decision

    def proposal(self, request: InfrastructureRequest) -> Proposal:
        """The decision with its price and findings. Raises as `make_decisions` does."""
        if not isinstance(request, InfrastructureRequest):  # pyright: ignore[reportUnnecessaryIsInstance] - of a script
            raise SAYS.error(InvalidRequest, "script.no_request")
        named = as_named(request)
        identity = f"dep_{uuid.uuid4().hex[:12]}"
        driver, worker = self._select_instance_types(named)
        usual = self._usual(named, identity)
        if worker != usual.decision.worker_instance_type:
            _known_size(worker)
            usual = self._usual(named.model_copy(update={"node_type": worker}), identity)
        chosen = {
            "driver_instance_type": _known_size(driver),
            "worker_instance_type": worker,
            "databricks_sku": _known_tier(self._select_databricks_sku(named)),
        }
        return within_limit(self._with(usual, named, chosen))

    def _select_instance_types(self, request: InfrastructureRequest) -> tuple[str, str]:
        """The sizes of driver and workers. For a house to override."""
        decision = self._usual(request, "proposal").decision
        return decision.driver_instance_type, decision.worker_instance_type

    def _select_databricks_sku(self, request: InfrastructureRequest) -> str:
        """The tier, "premium" or "trial". For a house to override."""
        return self._usual(request, "proposal").decision.databricks_sku

    def _usual(self, request: InfrastructureRequest, identity: str) -> Proposal:
        return propose(request, self._platform, identity=identity, today=datetime.now(UTC).date())

    def _with(self, usual: Proposal, request: InfrastructureRequest, chosen: dict[str, str]) -> Proposal:
        decision = usual.decision
        others = {name: value for name, value in chosen.items() if value != getattr(decision, name)}
        ours = decision.worker_instance_type != self._usual(request, "proposal").decision.worker_instance_type
        if not others and not ours:
            return replace(usual, request=request)
        told = {**others, **({"node_type": decision.worker_instance_type} if ours else {})}
        reasons = [_own_choice(value, about) for about, value in told.items()]
        kept = [reason for reason in decision.justification if reason.about not in told]
        changed = decision.model_copy(update={**others, "justification": (*reasons, *kept)})
        today = datetime.now(UTC).date()
        return checked(request, changed, platform=self._platform, today=today)


def as_named(request: InfrastructureRequest) -> InfrastructureRequest:
    """The request with its team by the name that it would have in a sentence: "ml-team" and "ML team" are one."""
    return request.model_copy(update={"team": slugged(request.team) or None}) if request.team is not None else request


def within_limit(proposal: Proposal) -> Proposal:
    """The proposal itself. Raises InvalidRequest for a denial, CostLimitExceeded above the limit."""
    denial = next(iter(proposal.denials), None)
    if denial is not None:
        raise SAYS.error(InvalidRequest, "script.denied", message=denial.message, remedy=denial.remedy)
    if proposal.excess is not None:
        raise SAYS.error(
            CostLimitExceeded,
            "script.over_limit",
            name=proposal.decision.workspace_name,
            expected=proposal.cost.expected,
            currency=proposal.cost.currency,
            by=proposal.excess.by,
            limit=proposal.excess.limit,
        )
    return proposal


def _known_size(name: str) -> str:
    known = size(name)
    if known is None:
        near = ", ".join(nearest_sizes(name))
        raise SAYS.error(InvalidRequest, "script.no_size", name=name[:40], near=near)
    return known.name


def _known_tier(name: str) -> str:
    if name not in _TIERS:
        raise SAYS.error(InvalidRequest, "script.no_tier", name=name[:40])
    return name


def _own_choice(value: str, about: str) -> Reason:
    return Reason(choice=value, because=SAYS("script.own_choice"), source=SAYS("script.own_source"), about=about)
