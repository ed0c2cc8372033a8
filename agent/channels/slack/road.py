"""The road to Slack: what stands and what is missing, in the order of setting it up. Looking posts nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.channels.slack.deliveries import text_in
from agent.channels.slack.made import APP_TOKEN, BOT_TOKEN, demand_configured
from agent.channels.slack.manifest import SCOPES
from agent.settings import Settings
from agent.wording import phrase
from plugins.domain.errors import ConfigurationError


@dataclass(frozen=True)
class SlackStep:
    """`optional` where Slack is off, or works without it."""

    state: Literal["ok", "optional", "missing"]
    finding: str
    fix: str = ""


def examined(settings: Settings, environment: Mapping[str, str]) -> SlackStep:
    """The first step that is missing, or that all of them are taken."""
    slack = settings.slack
    if slack.mode is None:
        return SlackStep("optional", phrase("slack.road.off"))
    try:
        demand_configured(settings, environment)
    except ConfigurationError as error:
        return SlackStep("missing", error.problem, error.remedy)
    if not slack.team_ids:
        return SlackStep("missing", phrase("slack.road.no_team"), phrase("slack.road.no_team_fix"))
    if not slack.roles:
        return SlackStep("missing", phrase("slack.road.no_roles"), phrase("slack.road.no_roles_fix"))
    if slack.mode == "http" and not (settings.web.public_url or "").startswith("https://"):
        return SlackStep("missing", phrase("slack.road.no_address"), phrase("slack.road.no_address_fix"))
    try:
        return asyncio.run(_asked(settings, environment))
    except ModuleNotFoundError as error:
        return SlackStep(
            "missing", phrase("slack.road.no_package", package=error.name), phrase("slack.road.package_fix")
        )


async def _asked(settings: Settings, environment: Mapping[str, str]) -> SlackStep:
    """What Slack itself says of the tokens."""
    from agent.channels.slack.web_api import SlackRefused, WebApi

    slack = settings.slack
    url = slack.api_url.rstrip("/") + "/"
    api = WebApi(environment[BOT_TOKEN].strip(), url)
    socket = WebApi(environment.get(APP_TOKEN, "").strip(), url)
    try:
        who, scopes = await api.introduced()
        if slack.mode == "socket":
            await socket.call("apps.connections.open", {})
    except SlackRefused as refused:
        name = APP_TOKEN if refused.method == "apps.connections.open" else BOT_TOKEN
        finding = phrase("slack.road.refused", name=name, error=refused.error)
        return SlackStep("missing", finding, phrase(f"slack.road.{'later' if refused.passes else 'refused_fix'}"))
    finally:
        await api.close()
        await socket.close()
    return _judged(settings, text_in(who, "team_id"), text_in(who, "team"), scopes)


def _judged(settings: Settings, team_id: str, team: str, scopes: frozenset[str]) -> SlackStep:
    slack = settings.slack
    missing = [scope for scope in SCOPES if scope not in scopes] if scopes else []
    if missing:
        names = ", ".join(missing)
        return SlackStep("missing", phrase("slack.road.scopes", names=names), phrase("slack.road.scopes_fix"))
    if team_id not in slack.team_ids:
        finding = phrase("slack.road.other_team", team=team, team_id=team_id)
        return SlackStep("missing", finding, phrase("slack.road.other_team_fix", team_id=team_id))
    approver = settings.approvals.approver_role
    if not any(approver in roles for roles in slack.roles_of.values()):
        return SlackStep(
            "optional", phrase("slack.road.no_approver", team=team), phrase("slack.road.no_approver_fix", role=approver)
        )
    return SlackStep("ok", phrase(f"slack.road.ok_{slack.mode}", team=team, address=settings.web.public_url or ""))
