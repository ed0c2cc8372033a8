"""Slack's channel, made of settings and the environment: everything that may be wrong with them is said here.

slack-bolt and slack-sdk are imported here and not before: who does not use Slack never waits for them.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agent.settings import Settings
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from agent.channels.messaging.port import ChatRoom
    from agent.channels.slack.channel import SlackChannel, SlackRecords
    from agent.channels.slack.platform import SlackPlatform

# Their names in the environment.
BOT_TOKEN, SIGNING_SECRET, APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"

_NEEDED = {"http": (BOT_TOKEN, SIGNING_SECRET), "socket": (BOT_TOKEN, APP_TOKEN)}
_PREFIXES = {BOT_TOKEN: "xoxb-", APP_TOKEN: "xapp-"}


def demand_configured(settings: Settings, environment: Mapping[str, str]) -> None:
    """Raises ConfigurationError for the first thing that is missing or wrong; nothing where Slack is off."""
    slack = settings.slack
    if slack.mode is None:
        return
    for name in _NEEDED[slack.mode]:
        value = environment.get(name, "").strip()
        if not value:
            raise error_of(ConfigurationError, "slack.setup.no_secret", mode=slack.mode, name=name)
        if not value.startswith(_PREFIXES.get(name, "")):
            raise error_of(ConfigurationError, "slack.setup.wrong_token", name=name, prefix=_PREFIXES[name])
    at = urlsplit(slack.api_url)
    # A token in clear text over a network is anybody's: only this machine's own double is spoken to like that.
    if at.scheme != "https" and not (at.scheme == "http" and at.hostname in ("127.0.0.1", "localhost", "::1")):
        raise error_of(ConfigurationError, "slack.setup.no_https", url=slack.api_url)


def slack_channel(
    settings: Settings,
    environment: Mapping[str, str],
    records: "SlackRecords",
    room_for: "Callable[[SlackPlatform], ChatRoom]",
) -> "SlackChannel":
    """The channel, ready to begin. Raises ConfigurationError."""
    demand_configured(settings, environment)
    try:
        from agent.channels.slack.bolt import BoltDoor
        from agent.channels.slack.channel import SlackChannel, SlackParts
        from agent.channels.slack.people import People
        from agent.channels.slack.platform import SlackPlatform
        from agent.channels.slack.web_api import WebApi
    except ModuleNotFoundError as error:
        raise error_of(ConfigurationError, "slack.setup.no_package", package=error.name) from error
    slack = settings.slack
    token = environment[BOT_TOKEN].strip()
    api_url = slack.api_url.rstrip("/") + "/"
    api = WebApi(token, api_url)
    people = People(api, teams=slack.team_ids, roles=slack.roles_of)
    platform = SlackPlatform(api, people)
    parts = SlackParts(
        api=api,
        platform=platform,
        people=people,
        records=records,
        sandbox=settings.cloud.mode == "sandbox",
        app_token=environment.get(APP_TOKEN, "").strip(),
    )
    channel = SlackChannel(slack, parts, room_for(platform))
    secret = environment.get(SIGNING_SECRET, "").strip() if slack.mode == "http" else ""
    channel.door = BoltDoor(channel.receive, signing_secret=secret, api_url=api_url)
    return channel
