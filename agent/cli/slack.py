"""`brickie slack manifest`: what an app of Slack's is made from."""

import argparse
from collections.abc import Mapping
from typing import Literal

from agent.channels.slack.manifest import manifest_of
from agent.output import put_json, tell
from agent.settings import read_settings
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError


def manifest(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Prints it; --mode overrides the settings. Raises ConfigurationError where Slack could send nothing to us."""
    settings = read_settings(environment)
    mode: Literal["http", "socket"] = options.mode or settings.slack.mode or "socket"
    address = (settings.web.public_url or "").rstrip("/")
    if mode == "http" and not address.startswith("https://"):
        raise error_of(ConfigurationError, "slack.manifest.no_address")
    put_json(manifest_of(mode, address=address, command=settings.slack.command))
    tell(phrase(f"slack.manifest.next_{mode}"))
    return 0
