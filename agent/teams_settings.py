"""The settings of Microsoft Teams."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from plugins.domain.platform_settings import Section


def _as_list(value: object) -> object:
    """One text stands for a list of it."""
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
"""Texts; in the settings one of them may stand alone."""


class TeamsSettings(Section):
    """Microsoft Teams; off until `app_id` or `playground` is set. The password comes from TEAMS_APP_PASSWORD only.

    `tenant_id` names the directories whose people are let in, the first of them the bot's own; `roles` gives a person's
    or a group's object id its roles, groups by Microsoft Graph where `graph_groups`. `approvals_conversation` is where
    plans that wait are announced. `service_urls` are hosts (*.name for all below it) that are written to.
    With `playground` no token is asked for, on this machine only, and everybody holds the local roles.
    """

    app_id: str | None = None
    tenant_id: Names = ()
    app_type: Literal["SingleTenant", "UserAssignedMSI"] = "SingleTenant"
    playground: bool = False
    roles: dict[str, Names] = Field(default_factory=dict[str, Names])
    graph_groups: bool = False
    approvals_conversation: str | None = None
    service_urls: Names = ("smba.trafficmanager.net", "*.botframework.com", "smba.infra.gcc.teams.microsoft.com")
    open_id_metadata_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    login_url: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com"
