"""The server behind `serving`."""

import os

from hard_to_read import hardly

from agent.app import App, AppEnvironment
from agent.brain.reader import Reader
from agent.brain.rules import RulesBrain
from agent.channels.server import serve
from agent.cli.serve import chat_of, installation_of
from agent.paths import home_of
from agent.settings import read_settings


def serve_hardly() -> int:
    settings, home = read_settings(os.environ), home_of(os.environ)
    world = AppEnvironment(settings, os.environ, home)
    app = App(world, brain=RulesBrain(Reader(), hardly))
    return serve(chat_of(world, app), installation_of(settings, home))
