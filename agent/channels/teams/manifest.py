"""The app package that an administrator uploads to Teams: manifest.json and two icons in a zip. Pure.

Manifest 1.29, the first with targeted messages and slash commands (schemas of npm's @microsoft/app-manifest 1.1.2, read
2026-11-29; the package is held against that schema by a test).
"""

import json
import zipfile
from io import BytesIO
from urllib.parse import urlsplit

from pydantic import JsonValue

from agent.channels.teams.access import TeamsAccess
from agent.channels.teams.icons import colour_icon, outline_icon
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json"
VERSION = "1.29"
_ACCENT = "#B5432A"
_COMMANDS = ("help", "list", "waiting", "status", "link", "notify")
_WHEN = (1980, 1, 1, 0, 0, 0)
"""Of the files in the zip: the same settings make the same bytes."""


def package_of(access: TeamsAccess, public_url: str | None, version: str) -> bytes:
    """The zip. Raises ConfigurationError without an app id, or without an address that Teams can reach."""
    if not access.app_id:
        raise error_of(ConfigurationError, "teams.manifest_no_app_id")
    if not public_url or urlsplit(public_url).scheme != "https":
        raise error_of(ConfigurationError, "teams.manifest_no_url")
    manifest = json.dumps(manifest_of(access, public_url, version), indent=2, ensure_ascii=False) + "\n"
    files = {"manifest.json": manifest.encode(), "color.png": colour_icon(), "outline.png": outline_icon()}
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, _WHEN), content)
    return whole.getvalue()


def manifest_of(access: TeamsAccess, public_url: str, version: str) -> dict[str, JsonValue]:
    """The manifest of the bot with that app id, whose pages are at that address."""
    page = public_url.rstrip("/")
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": version,
        "id": access.app_id,
        "developer": {
            "name": phrase("teams.manifest.developer"),
            "websiteUrl": page,
            "privacyUrl": f"{page}/",
            "termsOfUseUrl": f"{page}/",
        },
        "name": {"short": "Brickie", "full": phrase("teams.manifest.full_name")},
        "description": {"short": phrase("teams.manifest.short"), "full": phrase("teams.manifest.full")},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": _ACCENT,
        "bots": [_bot(access.app_id)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(page).netloc],
    }


def _bot(app_id: str) -> dict[str, JsonValue]:
    commands: list[JsonValue] = [
        {"title": name, "description": phrase(f"teams.manifest.commands.{name}")} for name in _COMMANDS
    ]
    # What one asks for by a slash is answered for the asker's eyes only.
    shared: list[JsonValue] = ["team", "groupChat"]
    lists: list[JsonValue] = [
        {"scopes": ["personal"], "commands": commands},
        {"scopes": shared, "triggers": ["mention", "slash"], "commands": commands},
    ]
    return {
        "botId": app_id,
        "scopes": ["personal", "team", "groupChat"],
        "supportsFiles": False,
        "isNotificationOnly": False,
        "supportsTargetedMessages": True,
        "commandLists": lists,
    }
