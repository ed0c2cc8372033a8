"""`brickie serve`: the running app behind the web server."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from agent import channels
from agent.app import App, AppEnvironment, local_person
from agent.channels.server import Installation, serve
from agent.channels.web.port import WebChat
from agent.channels.web.records import RecordedChat
from agent.cli.chat_platforms import SLACK_DOUBLE, chat_platforms
from agent.deployment.export import exporter
from agent.deployment.terraform import exported
from agent.factories import generated, rules_of
from agent.paths import home_of, place
from agent.settings import Settings, read_settings
from agent.wording import Wording, error_of
from plugins.domain.errors import ConfigurationError

MOST_PORT = 65_535
"""The highest port of TCP (RFC 9293, section 3.1: 16 bits)."""

CLIENT = Path(channels.__path__[0]) / "web_client" / "dist"
"""The built pages; in an installed wheel they lie at the same place."""


def serve_web(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Serves until it is told to stop. --host and --port override the settings.

    Raises ConfigurationError for a port that is none, and where the server would be open to everybody.
    """
    settings = read_settings(environment)
    overrides = {key: value for key in ("host", "port") if (value := getattr(options, key)) is not None}
    if not 0 <= overrides.get("port", 0) <= MOST_PORT:
        raise error_of(ConfigurationError, "cli.serve.no_port", port=overrides["port"], most=MOST_PORT)
    settings = settings.model_copy(update={"web": settings.web.model_copy(update=overrides)})
    environment = {name: value for name, value in environment.items() if name != SLACK_DOUBLE}
    if options.slack_double:
        from agent.channels.slack.double.served import played_slack  # with Slack's packages

        settings, environment = played_slack(settings, environment)
        environment[SLACK_DOUBLE] = "yes"
    app_environment = AppEnvironment(settings=settings, environment=environment, home=home_of(environment))
    installation = installation_of(settings, app_environment.home)
    app = App(app_environment)
    return serve(chat_of(app_environment, app), installation, chat_platforms(app_environment, app))


def installation_of(settings: Settings, home: Path) -> Installation:
    """What a server of these settings is made of besides the app."""
    return Installation(settings=settings, local=local_person(settings), home=home, client=CLIENT)


def chat_of(app_environment: AppEnvironment, app: App) -> WebChat:
    """That running app as the web channel knows it."""
    platform, state = app_environment.settings.platform, app_environment.settings.state
    wording = Wording(place("templates") / "replies")
    files = exporter(lambda decision: exported(generated(decision, platform)), wording, state)
    settings = app_environment.settings
    teams = settings.teams.playground or bool(settings.teams.app_id)
    is_on = {"teams": teams, "slack": settings.slack.mode is not None}
    chats = frozenset(name for name, on in is_on.items() if on)
    return RecordedChat(app, rules_of(settings), files, chats=chats)
