"""The played workspace behind `brickie serve --slack-double`: what it sets, and that it runs as long as the server."""

import secrets
from collections.abc import Mapping, Sequence

from aiohttp import web

from agent.channels.auth.identity import is_loopback
from agent.channels.http.served import ServerDoors
from agent.channels.slack.double.server import LOOPBACK, SlackDouble
from agent.channels.slack.double.workspace import TEAM, SlackWorkspace
from agent.channels.slack.made import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from agent.chat_settings import SlackSettings
from agent.output import tell
from agent.settings import Settings
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError


def played_slack(settings: Settings, environment: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Settings and environment under which Slack is the played workspace, one port above the server's own.

    Raises ConfigurationError on a real subscription, on another address than loopback, or beside a Slack of its own.
    """
    web_, slack = settings.web, settings.slack
    if settings.cloud.mode != "sandbox" or slack.mode is not None or not is_loopback(web_.host) or not web_.port:
        raise error_of(ConfigurationError, "slack.double.not_here")
    played = SlackSettings(
        mode="http",
        api_url=f"http://{LOOPBACK}:{web_.port + 1}/api/",
        team_ids=(TEAM,),
        roles={"*": settings.approvals.requester_role, "S0APPROVERS": settings.approvals.approver_role},
        approvals_channel="C0APPROVALS",
        threads=slack.threads,
    )
    # Made anew each time: nothing else can sign for this workspace.
    tokens = {BOT_TOKEN: "xoxb-played", APP_TOKEN: "xapp-played", SIGNING_SECRET: secrets.token_hex(16)}
    return settings.model_copy(update={"slack": played}), {**environment, **tokens}


class ServedDouble:
    """`ServedChannel` that plays the workspace; it begins first, so that Slack's channel finds it."""

    name = "slack double"

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        events = f"http://{LOOPBACK}:{settings.web.port}/slack/events"
        self.double = SlackDouble(SlackWorkspace(), secret=environment[SIGNING_SECRET], events=events)
        self._port = settings.web.port + 1

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return ()

    async def begin(self, doors: ServerDoors) -> None:
        del doors
        try:
            address = await self.double.start(self._port)
        except OSError as error:
            raise error_of(ConfigurationError, "channels.server.no_port", host=LOOPBACK, port=self._port) from error
        tell(phrase("slack.double.at", address=address))

    async def stop(self, seconds: float) -> None:
        del seconds
        await self.double.stop()
