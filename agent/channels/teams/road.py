"""The road to the first message in Teams: each step, whether it is done, and what to do next.

Looked at from here, so two steps stay a person's word: the upload, and the message itself.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from agent.channels.messaging.port import Undeliverable
from agent.channels.teams.access import TeamsAccess
from agent.channels.teams.credentials import CHANNEL_SCOPE, KeptToken
from agent.channels.teams.endpoint import PATH
from agent.wording import phrase

_SECONDS = 5.0
StepName = Literal["registration", "keys", "endpoint", "roles", "upload"]


@dataclass(frozen=True)
class TeamsStep:
    name: StepName
    is_done: bool
    finding: str
    fix: str = ""


async def road(access: TeamsAccess, public_url: str | None) -> tuple[TeamsStep, ...]:
    """The steps in their order. Asks the directory and the publisher of the keys, and changes nothing."""
    if access.playground:
        return (TeamsStep("registration", is_done=True, finding=phrase("teams.road.playground")),)
    return (
        await _registration(access),
        await _keys(access),
        _endpoint(public_url),
        _roles(access),
        TeamsStep("upload", is_done=True, finding=phrase("teams.road.upload")),
    )


async def _registration(access: TeamsAccess) -> TeamsStep:
    try:
        await KeptToken(access, CHANNEL_SCOPE).fresh()
    except Undeliverable as error:
        key = "refused" if error.permanent else "unreachable"
        finding = phrase(f"teams.road.registration_{key}", app_id=access.app_id, url=access.settings.login_url)
        return TeamsStep(
            "registration", is_done=False, finding=finding, fix=phrase(f"teams.road.registration_{key}_fix")
        )
    return TeamsStep("registration", is_done=True, finding=phrase("teams.road.registered", app_id=access.app_id))


async def _keys(access: TeamsAccess) -> TeamsStep:
    url = access.settings.open_id_metadata_url
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=_SECONDS), trust_env=True) as http,
            http.get(url) as response,
        ):
            response.raise_for_status()
    except (ClientError, OSError, TimeoutError, ValueError):
        fix = phrase("teams.road.no_keys_fix", host=urlsplit(url).netloc)
        return TeamsStep("keys", is_done=False, finding=phrase("teams.road.no_keys", url=url), fix=fix)
    return TeamsStep("keys", is_done=True, finding=phrase("teams.road.keys", url=url))


def _endpoint(public_url: str | None) -> TeamsStep:
    if public_url and urlsplit(public_url).scheme == "https":
        address = f"{public_url.rstrip('/')}{PATH}"
        return TeamsStep("endpoint", is_done=True, finding=phrase("teams.road.endpoint", address=address))
    finding, fix = phrase("teams.road.no_endpoint"), phrase("teams.road.no_endpoint_fix", path=PATH)
    return TeamsStep("endpoint", is_done=False, finding=finding, fix=fix)


def _roles(access: TeamsAccess) -> TeamsStep:
    count = len(access.settings.roles)
    if count:
        return TeamsStep("roles", is_done=True, finding=phrase("teams.road.roles", count=count))
    return TeamsStep(
        "roles", is_done=False, finding=phrase("teams.road.no_roles"), fix=phrase("teams.road.no_roles_fix")
    )
