"""The App Home: whoever opens it sees their workspaces, and what waits for their decision. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.channels.cards.slack_blocks import (
    MOST_VIEW_BLOCKS,
    Block,
    actions,
    button,
    context,
    divider,
    header,
    link_button,
    section,
)
from agent.channels.cards.slack_forms import View
from agent.channels.cards.slack_text import literal
from agent.channels.messaging.port import CardButton, Click, Link
from agent.wording import money, phrase, state
from plugins.domain.deployment import Deployment
from plugins.domain.estimate import Estimate
from plugins.domain.plan import Plan

MOST_LISTED = 15
SAY = "say"
"""The slot of a click whose value is said as its presser's own words."""


@dataclass(frozen=True)
class HomeShown:
    """`page` is the web page, where there is one."""

    deployments: tuple[Deployment, ...]
    waiting: tuple[Plan, ...]
    sandbox: bool
    page: Link | None


def home_view(shown: HomeShown) -> View:
    blocks = [section(phrase("slack.home.greeting"))]
    if shown.sandbox:
        blocks.append(context(phrase("slack.home.sandbox")))
    blocks += [header(phrase("slack.home.waiting")), *_waiting(shown.waiting)]
    blocks += [header(phrase("slack.home.mine")), *_mine(shown.deployments)]
    if shown.page is not None:
        blocks += [divider(), *actions([link_button(shown.page, 0)])]
    return {"type": "home", "blocks": [*blocks[:MOST_VIEW_BLOCKS]]}


def _waiting(plans: Sequence[Plan]) -> list[Block]:
    if not plans:
        return [context(phrase("slack.home.nothing_waits"))]
    blocks: list[Block] = []
    for plan in plans[:MOST_LISTED]:
        what = phrase(f"slack.plan.{plan.action}") if len(plan.items) == 1 else _many(plan)
        name = f"{what}: {plan.items[0].decision.workspace_name}" if len(plan.items) == 1 else what
        text = phrase(
            "slack.home.waits",
            what=literal(name),
            asker=literal(plan.requested_by.name),
            month=_month(plan.cost),
            until=f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
        )
        click = Click(verb="show", plan_id=plan.plan_id)
        blocks.append(section(text, button(CardButton(phrase("slack.home.look"), click, "primary"), 0)))
    return blocks + _more(len(plans))


def _many(plan: Plan) -> str:
    return phrase(f"slack.plan.many_{plan.action}", count=len(plan.items))


def _mine(deployments: Sequence[Deployment]) -> list[Block]:
    if not deployments:
        return [context(phrase("slack.home.none"))]
    blocks: list[Block] = []
    for one in deployments[:MOST_LISTED]:
        blocks += [section(_workspace(one)), *actions(_buttons(one))]
    return blocks + _more(len(deployments))


def _workspace(one: Deployment) -> str:
    ends = phrase("slack.home.expires", date=one.expires_on) if one.expires_on else phrase("slack.home.forever")
    return phrase(
        "slack.home.workspace",
        name=literal(one.workspace_name),
        state=state(one.status),
        environment=one.decision.environment,
        region=one.decision.region,
        month=_month(one.cost),
        expires=ends,
    )


def _buttons(one: Deployment) -> list[Block]:
    """Each says what anybody could type; a destroy only plans it."""
    said = ("status", "extend", "destroy") if one.status == "succeeded" else ("status",)
    made = [
        button(
            CardButton(
                phrase(f"slack.home.{name}"),
                Click(verb="choose", slot=SAY, value=phrase(f"slack.home.say_{name}", name=one.workspace_name)),
                "danger" if name == "destroy" else "plain",
            ),
            at,
        )
        for at, name in enumerate(said)
    ]
    url = one.outputs.get("workspace_url")
    if isinstance(url, str) and url.startswith("https://"):
        made.append(link_button(Link(phrase("slack.home.open"), url), len(made)))
    return made


def _more(count: int) -> list[Block]:
    return [context(phrase("slack.home.more", count=count - MOST_LISTED))] if count > MOST_LISTED else []


def _month(cost: Estimate) -> str:
    amount = money(cost.expected, cost.currency)
    return phrase("cards.cost.at_least", amount=amount) if cost.is_lower_bound else amount
