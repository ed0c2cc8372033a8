"""Who must approve a plan: the house's rules, held against what stands and what is to be. Pure; absent means no.

All rules that match hold. A rule looks at the stricter of both sides: of a change it sees the workspace as it stands as
well as it is to be, a replacement counts as a destroy, and whoever takes a workspace out of a rule's reach needs that
rule's people. What cannot be compared (a price or a currency without a rate) counts as above.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from plugins.check.sentences import SAYS
from plugins.domain.approval import ApprovalRule
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.money import converted
from plugins.domain.plan import PlanItem
from plugins.domain.request import Environment

LIMIT_RAISED = "limit_raised"
"""The finding of a plan that costs more than the house's limit: whoever asked may not let it through alone."""


@dataclass(frozen=True)
class Need:
    """`count` different people with `role`; `because` says of the plan why, as "touches production"."""

    role: str
    count: int = 1
    other_than_asker: bool = False
    because: str = ""

    def implies(self, other: "Need") -> bool:
        """Whether what meets this meets the other as well."""
        stricter = self.other_than_asker >= other.other_than_asker and self.count >= other.count
        return self.role == other.role and stricter


def shorthand(
    *,
    four_eyes: Iterable[Environment] = ("prod",),
    four_eyes_destroy: Iterable[Environment] = ("prod",),
    four_eyes_above: Decimal | None = None,
    import_needs_approver: bool = True,
    approver: str = "approver",
) -> tuple[ApprovalRule, ...]:
    """The rules that these settings are short for."""
    rules = [ApprovalRule(environment=name, role=approver, other_than_asker=True) for name in four_eyes]
    rules += [
        ApprovalRule(environment=name, action="destroy", role=approver, other_than_asker=True)
        for name in four_eyes_destroy
    ]
    if four_eyes_above is not None:
        rules += [
            ApprovalRule(action=action, above=four_eyes_above, role=approver, other_than_asker=True)
            for action in ("create", "change", "import")
        ]
    if import_needs_approver:
        rules.append(ApprovalRule(action="import", role=approver))
    return tuple(rules)


@dataclass(frozen=True)
class ApprovalRules:
    """`typed_destroy` and `expire_unasked` name environments; `requester` and `approver` are role names; a plan is
    compared in `currency`, by `exchange_rates` (units for one USD).
    """

    rules: tuple[ApprovalRule, ...] = field(default_factory=shorthand)
    typed_destroy: frozenset[Environment] = frozenset({"prod"})
    expire_unasked: frozenset[Environment] = frozenset()
    requester: str = "requester"
    approver: str = "approver"
    currency: str = "USD"
    exchange_rates: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that may give consent to something."""
        return tuple(dict.fromkeys((self.requester, self.approver, *(rule.role for rule in self.rules))))

    @property
    def import_needs_approver(self) -> bool:
        """Whether taking over a workspace that exists takes more than the asker's own yes."""
        return any(rule.action == "import" for rule in self.rules)

    def needs(self, items: Iterable[PlanItem]) -> tuple[Need, ...]:
        """What a plan of these items takes beyond its asker's own yes, or an approver's; empty when nothing."""
        items = tuple(items)
        monthly = self._monthly(items)
        needs = [self._need(rule) for rule in self.rules if _is_above(rule, monthly) and _holds(rule, items)]
        if any(finding.rule == LIMIT_RAISED for item in items for finding in item.policy):
            needs.append(Need(self.approver, because=SAYS("approvers.limit")))
        return _least(needs)

    def _need(self, rule: ApprovalRule) -> Need:
        return Need(rule.role, rule.count, rule.other_than_asker, _because(rule, self.currency))

    def _monthly(self, items: tuple[PlanItem, ...]) -> Decimal | None:
        """The dearer of what stands and what is to be, in the house's currency; None when some of it is unknown."""
        months = [self._dearer(item) for item in items]
        return None if None in months else sum((month for month in months if month is not None), Decimal(0))

    def _dearer(self, item: PlanItem) -> Decimal | None:
        costs = (item.cost,) if item.before is None else (item.cost, item.before.cost)
        months = [self._converted(cost) for cost in costs]
        return None if None in months else max(month for month in months if month is not None)

    def _converted(self, cost: Estimate) -> Decimal | None:
        # A total with an unknown price in it may be anything, so it counts as above.
        if cost.is_lower_bound:
            return None
        return converted(cost.expected, of=cost.currency, to=self.currency, rates=self.exchange_rates)


def _holds(rule: ApprovalRule, items: tuple[PlanItem, ...]) -> bool:
    return any(_holds_for(rule, item) for item in items)


def _holds_for(rule: ApprovalRule, item: PlanItem) -> bool:
    before = item.before.decision if item.before is not None else None
    stood = before is not None and _covers(rule, before)
    is_to_be = _covers(rule, item.decision)
    acts = rule.action is None or rule.action in _acts(item)
    # The second half: whoever takes a workspace out of a rule's reach needs that rule's people, whatever the act.
    return (acts and (stood or is_to_be)) or (stood and not is_to_be)


def _acts(item: PlanItem) -> Iterator[str]:
    is_foreign = item.adopt is not None or (item.action == "create" and item.plan_file.imported)
    yield "import" if is_foreign else item.action  # what the records name of a workspace of ours is no import
    if item.replaces_workspace:
        yield "destroy"


def _covers(rule: ApprovalRule, decision: InfrastructureDecision) -> bool:
    """Whether the rule is about workspaces such as this, whatever is done to it and whatever it costs."""
    if rule.environment not in (None, decision.environment):
        return False
    if rule.team is not None and rule.team.casefold() != decision.team.casefold():
        return False
    return rule.tag is None or _carries(decision.tags, rule.tag)


def _carries(tags: Mapping[str, str], wanted: str) -> bool:
    """Names of tags are the same in any case (Azure's rule); values are here, too, for the stricter reading."""
    name, equals, value = wanted.casefold().partition("=")
    return any(key.casefold() == name and (not equals or has.casefold() == value) for key, has in tags.items())


def _is_above(rule: ApprovalRule, monthly: Decimal | None) -> bool:
    return rule.above is None or monthly is None or monthly > rule.above


def _least(needs: list[Need]) -> tuple[Need, ...]:
    """The same, without what another of them implies."""
    least: list[Need] = []
    for need in needs:
        if not any(other.implies(need) for other in least):
            least = [other for other in least if not need.implies(other)]
            least.append(need)
    return tuple(least)


_PRODUCTION: Mapping[Environment, str] = {"prod": "production"}


def _because(rule: ApprovalRule, currency: str) -> str:
    because = [
        SAYS(f"approvers.action.{rule.action}") if rule.action else "",
        SAYS("approvers.touches", environment=_PRODUCTION.get(rule.environment, rule.environment))
        if rule.environment
        else "",
        SAYS("approvers.team", team=rule.team) if rule.team else "",
        SAYS("approvers.above", above=rule.above, currency=currency) if rule.above is not None else "",
        SAYS("approvers.tag", tag=rule.tag) if rule.tag else "",
    ]
    return " and ".join(words for words in because if words) or SAYS("approvers.rule")
