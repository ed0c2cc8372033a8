"""`brickie mcp`: the reading and proposing functions for an assistant, over standard input and output."""

import argparse
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime

from agent import app
from agent.channels.mcp import McpSession, serve
from agent.paths import place
from agent.settings import read_settings


def serve_assistant(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Serves until the assistant's client leaves."""
    del options
    settings = read_settings(environment)
    descriptions = tomllib.loads((place("prompts") / "functions.toml").read_text("utf-8"))
    allowed = settings.approvals.elicitation
    return serve(
        app.build(environment),
        McpSession(app.local_person(settings), settings.platform, lambda: datetime.now(UTC).date(), descriptions),
        # Who answers an elicitation is whoever sits at the client: believed unasked in the sandbox only.
        elicits=settings.cloud.mode == "sandbox" if allowed is None else allowed,
    )
