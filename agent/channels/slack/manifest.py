"""The app's manifest: all that Slack is to know of Brickie, for either road, to be pasted where an app is made. Pure.

https://docs.slack.dev/reference/app-manifest and, on the agent's pane (`agent_view`; `assistant_view` is on its way
out), https://docs.slack.dev/ai/developing-agents (both read 2026-11-29).
"""

from typing import Literal

from pydantic import JsonValue

from agent.wording import phrase

PROMPTS = ("order", "list", "waiting", "help")
"""What the agent's pane suggests."""

SCOPES = (
    "app_mentions:read",
    "assistant:write",  # the agent's pane
    "channels:history",  # follow-ups in threads; private channels and group messages have scopes of their own
    "chat:write",
    "commands",  # the slash command and the shortcut
    "files:read",  # a CSV in a thread
    "groups:history",
    "im:history",
    "im:write",  # opening a direct message
    "mpim:history",
    "usergroups:read",  # groups that the settings give a role
    "users:read",  # guests, bots, switched-off accounts
    "users:read.email",  # by which a person is one on all channels
)
"""Nothing is asked for that is not used."""

EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "assistant_thread_started",
    "channel_archive",
    "channel_left",
    "group_archive",
    "group_left",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
)


def manifest_of(mode: Literal["http", "socket"], *, address: str, command: str) -> dict[str, JsonValue]:
    """For `http` Slack sends to that public https address (without a slash at its end); for `socket` to none."""
    url = f"{address}/slack/events"
    sends: dict[str, JsonValue] = {} if mode == "socket" else {"request_url": url}
    order: dict[str, JsonValue] = {
        "name": phrase("slack.manifest.order"),
        "type": "message",
        "callback_id": "brickie:order",
        "description": phrase("slack.manifest.order_description"),
    }
    slash: dict[str, JsonValue] = {
        "command": command,
        "description": phrase("slack.manifest.command_description"),
        "usage_hint": phrase("slack.manifest.command_hint"),
        "should_escape": True,
        **({} if mode == "socket" else {"url": url}),
    }
    return {
        "display_information": {
            "name": phrase("slack.manifest.name"),
            "description": phrase("slack.manifest.description"),
            "background_color": "#1b3139",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {"agent_description": phrase("slack.manifest.description"), "suggested_prompts": _prompts()},
            "bot_user": {"display_name": phrase("slack.manifest.name"), "always_online": True},
            "shortcuts": [order],
            "slash_commands": [slash],
        },
        "oauth_config": {"scopes": {"bot": [*SCOPES]}},
        "settings": {
            "event_subscriptions": {**sends, "bot_events": [*EVENTS]},
            "interactivity": {"is_enabled": True, **sends},
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": False,
        },
    }


def _prompts() -> list[JsonValue]:
    return [
        {"title": phrase(f"slack.room.prompt_{name}"), "message": phrase(f"slack.room.prompt_{name}_text")}
        for name in PROMPTS
    ]
