"""`brickie serve`: the running app behind the web server."""

from collections.abc import Mapping
from pathlib import Path

from agent.app import App, AppEnvironment, local_person
from agent.channels.server import Installation, serve
from agent.channels.web.port import WebChat
from agent.channels.web.records import RecordedChat
from agent.deployment.export import exporter
from agent.deployment.terraform import exported
from agent.factories import generated, rules_of
from agent.paths import home_of, place
from agent.settings import Settings, read_settings
from agent.wording import Wording
from plugins.domain.errors import ConfigurationError

MOST_PORT = 65_535
CLIENT = Path(__file__).parents[1] / "channels" / "web_client" / "dist"


def serve_web(environment: Mapping[str, str], *, host: str | None, port: int | None) -> int:
    """Serves until it is told to stop. `host` and `port` override the settings."""
    settings = read_settings(environment)
    named = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    if port is not None and not 0 <= port <= MOST_PORT:
        raise ConfigurationError("starting the server", f"{port} is no port.", f"Choose one up to {MOST_PORT}.")
    settings = settings.model_copy(update={"web": settings.web.model_copy(update=named)})
    world = AppEnvironment(settings=settings, environment=environment, home=home_of(environment))
    installation = installation_of(settings, world.home)
    return serve(chat_of(world, App(world)), installation)


def installation_of(settings: Settings, home: Path) -> Installation:
    replies = place("templates") / "replies"
    return Installation(settings=settings, local=local_person(settings), home=home, replies=replies, client=CLIENT)


def chat_of(world: AppEnvironment, app: App) -> WebChat:
    """That running app as the web channel knows it."""
    platform = world.settings.platform
    wording = Wording(place("templates") / "replies")
    files = exporter(lambda decision: exported(generated(decision, platform)), wording, world.settings.state)
    return RecordedChat(app, rules_of(world.settings), files)
