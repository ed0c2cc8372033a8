"""The house's rules: which of them hold for a plan, and what they then demand."""

from datetime import date
from decimal import Decimal

import pytest

from agent.approvals import ApprovalRules, Need, shorthand
from agent.factories import rules_of
from agent.settings import Settings, load_settings
from plugins.decide import decide
from plugins.domain.approval import ApprovalRule
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError
from plugins.domain.estimate import Estimate
from plugins.domain.finding import Finding
from plugins.domain.plan import Before, Imported, PlanAction, PlanFile, PlanItem, ResourceChange, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

REPLACED = ResourceChange(
    address="azurerm_databricks_workspace.this", type="azurerm_databricks_workspace", name="this", action="replace"
)
TAKEN = Imported(address="azurerm_databricks_workspace.this", type="azurerm_databricks_workspace", name="this")


def month(expected: float, currency: str = "USD", *unpriced: str) -> Estimate:
    amount = Decimal(str(expected))
    return Estimate(
        currency=currency,
        low=amount,
        expected=amount,
        high=amount,
        hourly_low=amount,
        hourly_high=amount,
        hours_per_month=Decimal(174),
        lines=(),
        unpriced=unpriced,
    )


def request(team: str = "ml", environment: str = "dev", **tags: str) -> InfrastructureRequest:
    return InfrastructureRequest.model_validate(
        {"team": team, "environment": environment, "workload_type": "data_engineering", "tags": tags}
    )


def decision(asked: InfrastructureRequest) -> InfrastructureDecision:
    return decide(asked, PlatformSettings(), identity="dep_1", today=date(2026, 11, 29))


def item(
    asked: InfrastructureRequest,
    action: PlanAction = "create",
    cost: Estimate | None = None,
    *,
    stood: InfrastructureRequest | None = None,
    stood_cost: Estimate | None = None,
    imported: bool = False,
    replaced: bool = False,
    raised: bool = False,
) -> PlanItem:
    resources = (REPLACED,) if replaced else ()
    before = Before(decision=decision(stood), cost=stood_cost or month(0)) if stood else None
    finding = Finding(rule="limit_raised", severity="warn", message="Above.", remedy="An approver must agree.")
    return PlanItem(
        deployment_id="dep_1",
        action=action,
        request=asked,
        decision=decision(asked),
        cost=cost or month(0),
        policy=(finding,) if raised else (),
        resources=resources,
        before=before,
        files=TerraformFiles(files={}),
        plan_file=PlanFile(
            folder="",
            path="",
            sha256="",
            semantic_digest="",
            terraform_version="",
            lock_sha256=None,
            state_serial=None,
            state_sha256=None,
            resources=resources,
            imported=(TAKEN,) if imported else (),
        ),
    )


def needed(rules: ApprovalRules, *items: PlanItem) -> list[tuple[str, int, bool]]:
    return [(need.role, need.count, need.other_than_asker) for need in rules.needs(items)]


def only(**rule: object) -> ApprovalRules:
    return ApprovalRules(rules=(ApprovalRule.model_validate({"role": "who", **rule}),))


WHO = [("who", 1, False)]


@pytest.mark.parametrize(
    ("rules", "planned", "expected"),
    [
        (only(environment="prod"), item(request(environment="prod")), WHO),
        (only(environment="prod"), item(request()), []),
        (only(team="Risk"), item(request("risk")), WHO),
        (only(team="risk"), item(request()), []),
        (only(action="destroy"), item(request(), "destroy"), WHO),
        (only(action="destroy"), item(request(), "change", stood=request()), []),
        (only(action="destroy"), item(request(), "change", stood=request(), replaced=True), WHO),  # it destroys, too
        (only(action="import"), item(request(), imported=True), WHO),
        (only(action="create"), item(request(), imported=True), []),
        (only(tag="data"), item(request(Data="open")), WHO),
        (only(tag="data=pii"), item(request(Data="PII")), WHO),
        (only(tag="data=pii"), item(request(data="open")), []),
        (only(above=2000), item(request(), cost=month(2000.01)), WHO),
        (only(above=2000), item(request(), cost=month(2000)), []),
        (only(above=2000), item(request(), cost=month(10, "USD", "Standard_X")), WHO),  # nobody knows how much
        (only(above=2000), item(request(), cost=month(10, "CHF")), WHO),  # nor in what
        (only(above=2000, team="risk"), item(request(), cost=month(9000)), []),
        (only(team="risk", environment="prod"), item(request("risk")), []),
    ],
)
def test_a_rule_holds_where_all_that_it_names_matches(
    rules: ApprovalRules, planned: PlanItem, expected: list[tuple[str, int, bool]]
) -> None:
    assert needed(rules, planned) == expected


@pytest.mark.parametrize(
    ("rule", "stood", "asked"),
    [
        ({"environment": "prod"}, request(environment="prod"), request(environment="dev")),
        ({"environment": "prod"}, request(environment="dev"), request(environment="prod")),
        ({"team": "risk", "action": "destroy"}, request("risk"), request("ml")),
        ({"tag": "data=pii", "action": "destroy"}, request(data="pii"), request(data="open")),
    ],
)
def test_a_rule_looks_at_what_stands_as_well(
    rule: dict[str, object], stood: InfrastructureRequest, asked: InfrastructureRequest
) -> None:
    """Whoever takes a workspace out of a rule's reach needs that rule's people, or it could be gone round in two."""
    assert needed(only(**rule), item(asked, "change", stood=stood)) == WHO


def test_a_cheaper_change_of_what_is_dear_is_looked_at_as_dear() -> None:
    planned = item(request(), "change", month(100), stood=request(), stood_cost=month(5000))
    assert needed(only(above=2000), planned) == WHO


def test_prices_and_rules_are_compared_in_one_currency() -> None:
    """2,100 € are 2,282.61 USD at 0.92; two halves of a batch count together, whatever each is priced in."""
    rate = {"EUR": Decimal("0.92")}
    rules = ApprovalRules(rules=only(above=2200).rules, exchange_rates=rate)
    assert needed(rules, item(request(), cost=month(2100, "EUR"))) == WHO
    assert needed(rules, item(request(), cost=month(2000, "EUR"))) == []
    assert needed(rules, item(request(), cost=month(1200)), item(request(), cost=month(1000, "EUR"))) == WHO
    assert (
        needed(ApprovalRules(rules=rules.rules, currency="EUR", exchange_rates=rate), item(request(), cost=month(2300)))
        == []
    )


def test_all_rules_that_match_hold_and_the_stricter_covers_the_other() -> None:
    rules = ApprovalRules(
        rules=(
            *shorthand(),
            ApprovalRule(above=Decimal(2000), role="finance"),
            ApprovalRule(team="risk", action="destroy", role="risk-leads", count=2),
            ApprovalRule(team="risk", role="risk-leads"),
            ApprovalRule(role="approver"),
        )
    )
    dear = item(request("risk", "prod"), "destroy", month(2500))
    assert needed(rules, dear) == [("approver", 1, True), ("finance", 1, False), ("risk-leads", 2, False)]
    assert needed(rules, item(request("risk"))) == [("risk-leads", 1, False), ("approver", 1, False)]


def test_a_raised_limit_and_an_import_need_an_approver() -> None:
    assert needed(ApprovalRules(), item(request(), raised=True)) == [("approver", 1, False)]
    assert needed(ApprovalRules(), item(request(), imported=True)) == [("approver", 1, False)]
    assert needed(ApprovalRules(), item(request(environment="prod"), imported=True)) == [("approver", 1, True)]


def test_the_shipped_settings_are_what_the_rules_are_by_default() -> None:
    assert rules_of(Settings()) == ApprovalRules()
    short = Settings.model_validate({"Approvals": {"FourEyesAbove": 900, "ImportNeedsApprover": False}})
    rules = rules_of(short)
    assert needed(rules, item(request(), cost=month(901))) == [("approver", 1, True)]
    assert needed(rules, item(request(), "destroy", month(901))) == []
    assert needed(rules, item(request(), imported=True)) == []


def test_rules_are_written_as_data() -> None:
    """As the file spells its keys, or as they are said."""
    text = '[{"environment": "prod", "role": "approver", "other_than_asker": true}, {"Above": 2000, "Role": "finance"}]'
    rules = rules_of(load_settings({"Approvals__Rules": text}, None))
    assert rules.rules[-2:] == (
        ApprovalRule(environment="prod", role="approver", other_than_asker=True),
        ApprovalRule(above=Decimal(2000), role="finance"),
    )
    assert rules.roles == ("requester", "approver", "finance")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[{"role": "finance", "environmnt": "prod"}]', "Did you mean Approvals__Rules__Environment?"),
        ('[{"environment": "prod"}]', "Approvals__Rules__0__Role is wrong: field required."),
        ('[{"role": "finance", "environment": "live"}]', "Approvals__Rules__0__environment is wrong"),
        ('[{"role": "finance", "count": 0}]', "Approvals__Rules__0__count is wrong"),
    ],
)
def test_a_rule_that_cannot_be_read_is_never_left_out(text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_settings({"Approvals__Rules": text}, None)
    assert sentence in str(refused.value)


def test_a_need_says_why() -> None:
    rule = ApprovalRule(above=Decimal(2000), team="risk", role="finance")
    needs = ApprovalRules(rules=(rule,)).needs([item(request("risk"), cost=month(3000))])
    assert needs == (Need("finance", because="is about the team risk and costs more than 2,000.00 USD a month"),)
