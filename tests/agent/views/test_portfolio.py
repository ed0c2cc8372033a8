"""What stands, chosen and summed: by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from agent.settings import Settings
from agent.views.portfolio import chosen, stands, sums
from agent.views.sum_words import in_period, share, totals
from plugins.databricks.proposal import propose
from plugins.domain.deployment import Deployment, DeploymentStatus
from plugins.domain.plan import Person
from plugins.domain.portfolio import Selection
from plugins.domain.request import InfrastructureRequest

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester",))
TODAY = date(2026, 11, 30)
PLATFORM = Settings().platform


def standing(
    name: str,
    month: str,
    *,
    status: DeploymentStatus = "succeeded",
    currency: str = "USD",
    expires_on: date | None = None,
    **fields: object,
) -> Deployment:
    """A workspace whose expected month is that much."""
    asked = {
        "team": "risk",
        "environment": "dev",
        "workload_type": "data_engineering",
        "workspace_name": name,
        **fields,
    }
    request = InfrastructureRequest.model_validate(asked)
    proposal = propose(request, PLATFORM, identity=name, today=TODAY)
    return Deployment(
        deployment_id=name,
        workspace_name=name,
        status=status,
        conversation="cnv",
        requested_by=ANA,
        request=request,
        decision=proposal.decision,
        cost=proposal.cost.model_copy(update={"expected": Decimal(month), "currency": currency}),
        outputs={"workspace_url": "https://adb"} if status == "succeeded" else {},
        expires_on=expires_on,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        updated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


ESTATE = (
    standing("dbw-a", "100.10", owner="zoe@contoso.com"),
    standing("dbw-b", "250.25", environment="staging", expires_on=date(2026, 12, 5)),
    standing("dbw-c", "40.00", team="bi", cost_center="4412"),
)


def names(selection: Selection, deployments: tuple[Deployment, ...] = ESTATE) -> list[str]:
    rates = {"EUR": Decimal("0.5")}
    found = chosen(deployments, selection, today=TODAY, rates=rates)
    return [deployment.workspace_name for deployment in found.deployments]


def test_a_sum_is_of_each_group_the_dearest_first() -> None:
    assert [(one.group, one.count, one.month) for one in sums(ESTATE, "team")] == [
        ("risk", 2, Decimal("350.35")),
        ("bi", 1, Decimal("40.00")),
    ]
    assert totals(sums(ESTATE, None)) == "390.35 USD"
    assert totals(sums(ESTATE, None), "year") == "4,684.20 USD"


def test_currencies_are_not_added() -> None:
    both = (*ESTATE, standing("dbw-e", "10.00", currency="EUR"))
    assert totals(sums(both, None)) == "390.35 USD + 10.00 EUR"


@pytest.mark.parametrize(
    ("status", "is_standing"),
    [("succeeded", True), ("attention", True), ("planned", False), ("rolled_back", False), ("queued", False)],
)
def test_only_what_stands_costs_anything(status: DeploymentStatus, *, is_standing: bool) -> None:
    assert stands(standing("dbw-x", "1", status=status)) == is_standing


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(environments=("dev",)), ["dbw-a", "dbw-c"]),
        (Selection(teams=("bi",)), ["dbw-c"]),
        (Selection(excluded=(("environment", "staging"),)), ["dbw-a", "dbw-c"]),
        (Selection(over=Decimal(100)), ["dbw-a", "dbw-b"]),
        (Selection(under=Decimal(50), currency="EUR"), ["dbw-c"]),
        (Selection(expiry="never"), ["dbw-a", "dbw-c"]),
        (Selection(expiry="within", expiry_days=5), ["dbw-b"]),
        (Selection(expiry="within", expiry_days=4), []),
        (Selection(lacks=("owner",)), ["dbw-b", "dbw-c"]),
        (Selection(cost_centers=("4412",)), ["dbw-c"]),
        (Selection(sort="cost", descending=True), ["dbw-b", "dbw-a", "dbw-c"]),
        (Selection(sort="cost", descending=True, most=1), ["dbw-b"]),
        (Selection(sort="expiry"), ["dbw-b", "dbw-a", "dbw-c"]),
        (Selection(unread=("zoe",)), ["dbw-a"]),
    ],
)
def test_a_selection_chooses(selection: Selection, expected: list[str]) -> None:
    assert names(selection) == expected


def test_a_word_that_names_nothing_is_told_and_leaves_nothing_out() -> None:
    found = chosen(ESTATE, Selection(unread=("purple",)), today=TODAY, rates={})
    assert (found.unknown, len(found.deployments)) == (("purple",), 3)


def test_what_never_came_to_be_is_listed_only_where_it_is_asked_for() -> None:
    failed = standing("dbw-f", "5", status="rolled_back")
    assert "dbw-f" not in names(Selection(), (*ESTATE, failed))
    assert names(Selection(states=("failed",)), (*ESTATE, failed)) == ["dbw-f"]


def test_a_period_is_as_many_times_what_is_shown() -> None:
    assert in_period(Decimal("10.005"), "year") == Decimal("120.12")
    assert in_period(Decimal("730.00"), "day") == Decimal("24.00")
    assert share(Decimal(1), Decimal(3)) == "33 %"
