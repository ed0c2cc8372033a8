"""The sections of the settings that chat platforms have."""

from typing import Literal

from pydantic import Field

from plugins.domain.platform_settings import Section


class NotifySettings(Section):
    """What people on chat platforms are told unasked, unless they choose otherwise ("notify"): with `digest` once a
    day, at `digest_hour` (UTC), what waits for them, expires or drifted; nothing when nothing does.
    """

    digest: bool = True
    digest_hour: int = Field(default=7, ge=0, le=23)


class SlackSettings(Section):
    """Slack is off until `mode` is set: `http` takes requests at /slack/events, `socket` opens a connection itself and
    lets nothing in. Tokens come from the environment only (SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN).
    `api_url` is the base of Slack's Web API. `team_ids` are the workspaces that are served, nobody's when it is empty;
    `roles` maps the id of a person or a user group, a confirmed e-mail address, or "*" for every full member, to a role
    or a list of them. `threads`: `follow` answers plain follow-ups of those who take part in a thread, `strict` wants a
    mention each time. `approvals_channel` is the id of the channel in which approvers are asked. `command` is the name
    of the slash command.
    """

    mode: Literal["http", "socket"] | None = None
    api_url: str = "https://slack.com/api/"
    team_ids: tuple[str, ...] = ()
    roles: dict[str, tuple[str, ...] | str] = Field(default_factory=dict[str, tuple[str, ...] | str])
    threads: Literal["follow", "strict"] = "follow"
    approvals_channel: str | None = None
    command: str = Field(default="/brickie", pattern=r"^/[a-z0-9_-]{1,31}$")

    @property
    def roles_of(self) -> dict[str, tuple[str, ...]]:
        return {name: (roles,) if isinstance(roles, str) else roles for name, roles in self.roles.items()}
