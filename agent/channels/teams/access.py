"""What the settings allow Teams, read once; a server that would be open to anybody does not start."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import SecretStr

from agent.settings import Settings
from agent.teams_settings import TeamsSettings
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError

PASSWORD = "TEAMS_APP_PASSWORD"  # noqa: S105 - the name of the variable
CHANNEL = "msteams"


@dataclass(frozen=True)
class TeamsAccess:
    """`password` is None where a managed identity signs in, and with the playground. `local_roles` are everybody's
    there, and nobody's otherwise.
    """

    settings: TeamsSettings
    password: SecretStr | None
    local_roles: tuple[str, ...] = ()

    @property
    def app_id(self) -> str:
        return self.settings.app_id or ""

    @property
    def tenant(self) -> str:
        """The bot's own directory; empty with the playground."""
        return next(iter(self.settings.tenant_id), "")

    @property
    def playground(self) -> bool:
        return self.settings.playground

    def lets_in(self, tenant: str) -> bool:
        return self.playground or tenant.casefold() in {known.casefold() for known in self.settings.tenant_id}

    def may_write_to(self, service_url: str) -> bool:
        """Whether answers may go there: whoever sends an activity names it, and our token goes along."""
        return is_allowed(service_url, self.settings.service_urls) or (self.playground and _on_loopback(service_url))


def access_of(settings: Settings, environment: Mapping[str, str]) -> TeamsAccess | None:
    """None while Teams is off. Raises ConfigurationError for what is half configured, or would be open to anybody."""
    teams, password = settings.teams, environment.get(PASSWORD)
    if teams.playground:
        _demand_loopback(settings)
        return TeamsAccess(teams, None, settings.local_roles)
    if not teams.app_id:
        if teams != TeamsSettings() or password:
            raise error_of(ConfigurationError, "teams.no_app_id")
        return None
    if not teams.tenant_id:
        raise error_of(ConfigurationError, "teams.no_tenant")
    if teams.app_type == "SingleTenant" and not password:
        raise error_of(ConfigurationError, "teams.no_password", name=PASSWORD)
    return TeamsAccess(teams, SecretStr(password) if password else None)


def is_allowed(service_url: str, allowed: tuple[str, ...]) -> bool:
    """An entry is a host, *.host for all below it, or an address with scheme and port. Without encryption only on this
    machine.
    """
    try:
        asked = urlsplit(service_url)
        host, port = (asked.hostname or "").casefold(), asked.port
    except ValueError:
        return False
    if asked.username is not None or asked.scheme not in ("https", "http"):
        return False
    if asked.scheme == "http" and not _on_loopback(service_url):
        return False
    return any(_matches(entry.casefold(), asked.scheme, host, port) for entry in allowed)


def _matches(entry: str, scheme: str, host: str, port: int | None) -> bool:
    if "://" in entry:
        named = urlsplit(entry)
        return (named.scheme, named.hostname, named.port) == (scheme, host, port)
    if entry.startswith("*."):
        return host.endswith(entry[1:]) and len(host) > len(entry) - 1
    name, _, number = entry.partition(":")
    return host == name and (not number or number == str(port))


def _on_loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host.casefold() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _demand_loopback(settings: Settings) -> None:
    """Whoever reaches it is believed there: nobody but this machine may, and nothing real may hang on it."""
    if not _on_loopback(
        f"http://{settings.web.host}" if ":" not in settings.web.host else f"http://[{settings.web.host}]"
    ):
        raise error_of(ConfigurationError, "teams.open_playground", host=settings.web.host)
    if settings.cloud.mode != "sandbox":
        raise error_of(ConfigurationError, "teams.real_playground")
