"""`brickie teams manifest`: the app package for Teams, as a file."""

import argparse
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from agent.channels.teams.access import access_of
from agent.channels.teams.manifest import package_of
from agent.output import tell
from agent.settings import read_settings
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError

_FALLBACK_VERSION = "0.1.0"


def manifest(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Writes it. Raises ConfigurationError while Teams is off, and where the file cannot be written."""
    settings = read_settings(environment)
    access = access_of(settings, environment)
    if access is None:
        raise error_of(ConfigurationError, "teams.manifest_no_app_id")
    package = package_of(access, settings.web.public_url, _version())
    try:
        options.out.write_bytes(package)
    except OSError as error:
        raise error_of(ConfigurationError, "teams.manifest_unwritable", file=options.out) from error
    tell(phrase("teams.manifest.written", file=options.out))
    return 0


def _version() -> str:
    """Of the installed distribution, as a manifest takes it: three numbers."""
    try:
        found = re.match(r"\d+\.\d+\.\d+", version("brickie"))
    except PackageNotFoundError:
        found = None
    return found[0] if found else _FALLBACK_VERSION
