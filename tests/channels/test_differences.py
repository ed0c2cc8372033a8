"""Where a plan's card tells a price beside another, it tells the difference; and a stream's price round the clock."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console
from teams_samples import event_of

from agent.channels.cards.slack import SlackCards
from agent.channels.cards.teams import TeamsCards
from agent.channels.cards.terminal import render
from agent.channels.cards.terminal_plan import plan_panel
from agent.channels.messaging.port import ShownPlan
from agent.events import PlanProposed
from plugins.domain.estimate import Estimate
from plugins.domain.plan import Alternative

CHANNELS = ("terminal", "teams", "slack")


def shown(plan: PlanProposed, channel: str, *, details: bool = False) -> str:
    """All that the channel shows of it, in one text; a terminal its head alone, without `details`."""
    if channel == "terminal":
        written = io.StringIO()
        console = Console(width=100, color_system=None, file=written)
        console.print(plan_panel(plan) if details else render(plan), highlight=False)
        return written.getvalue()
    cards: Any = TeamsCards() if channel == "teams" else SlackCards()
    return str(cards.card(ShownPlan(plan, "Ana", for_approvers=False, buttons=())))


def stream(plan: PlanProposed, cost: Estimate) -> PlanProposed:
    return plan.model_copy(update={"cost": cost})


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_change_says_by_how_much_the_month_is_another(channel: str) -> None:
    assert "345.09 USD (+112.89 USD)" in shown(event_of("life", "plan", 1), channel)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_change_of_several_says_it_of_each_and_of_all(channel: str) -> None:
    change = event_of("life", "plan", 1)
    two = change.model_copy(update={"items": change.items * 2, "decision": None, "request": None, "before": None})
    text = shown(two, channel)
    assert text.count("+112.89 USD") >= 2
    assert "+225.78 USD" in text


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_stream_that_nobody_gave_hours_says_what_it_costs_if_it_never_stops(channel: str) -> None:
    plan = event_of("deploy", "plan")
    always = plan.cost.model_copy(update={"round_the_clock": plan.cost.expected + Decimal("1079.01")})
    amount = f"{always.round_the_clock:,.2f} USD (+1,079.01 USD)"
    assert f"never stops (168 hours a week): {amount}" in shown(stream(plan, always), channel)
    assert "168 hours" not in shown(plan, channel)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_bill_shows_the_quantity_that_was_multiplied(channel: str) -> None:
    """173.81 hours at 0.252 are 43.80, which 174 hours are not."""
    plan = event_of("deploy", "plan")
    text = shown(plan, channel, details=True)
    for line in plan.cost.lines:
        if line.monthly is not None:
            assert f"{line.quantity:,.2f}".rstrip("0").rstrip(".") in text


def test_an_alternative_is_numbered_and_stands_beside_the_plan() -> None:
    plan = event_of("deploy", "plan")
    dearer = plan.cost.model_copy(update={"expected": plan.cost.expected + Decimal("15.10")})
    unknown = plan.cost.model_copy(update={"unpriced": ("machine",)})
    assert plan.decision is not None
    beside = tuple(
        Alternative(label=label, decision=plan.decision, cost=cost)
        for label, cost in (("private link", dearer), ("of unknown price", unknown))
    )
    otherwise = plan.model_copy(update={"alternatives": beside})
    lines = shown(otherwise, "terminal", details=True).splitlines()
    assert any("1  private link" in line and "+15.10 USD" in line for line in lines)
    assert any("2  of unknown price" in line and "+0.00" not in line for line in lines)
    assert "Or         1) private link (+15.10 USD) · 2) of unknown price" in shown(otherwise, "terminal")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_change_tells_another_end_and_another_tag_wherever_it_is_decided(channel: str) -> None:
    change = event_of("life", "plan", 1)
    assert change.decision is not None
    later = change.decision.model_copy(update={"expires_on": date(2027, 3, 5), "tags": {"project": "apollo"}})
    (item,) = change.items
    altered = change.model_copy(update={"decision": later, "items": (item.model_copy(update={"decision": later}),)})
    text = shown(altered, channel, details=True)
    assert "2027-03-05" in text
    assert "tag project" in text
    assert "apollo" in text
