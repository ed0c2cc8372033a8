"""Setting Slack up: the manifest, what is refused, and what doctor finds on the road."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import pytest
from slack_rooms import ENVIRONMENT

from agent.channels.slack.double.server import SlackDouble
from agent.channels.slack.double.workspace import ApiRefusal, SlackWorkspace
from agent.channels.slack.made import demand_configured
from agent.channels.slack.manifest import EVENTS, SCOPES, manifest_of
from agent.channels.slack.road import examined
from agent.chat_settings import SlackSettings
from agent.settings import Settings
from plugins.domain.errors import ConfigurationError

ON: Mapping[str, object] = {"mode": "http", "team_ids": ("T0SANDBOX",), "roles": {"*": "requester", "S1": "approver"}}
PUBLIC = {"public_url": "https://brickie.contoso.com"}


def settings_with(**more: object) -> Settings:
    return Settings.model_validate({"web": PUBLIC, "slack": {**ON, **more}})


@pytest.mark.parametrize("mode", ["http", "socket"])
def test_the_manifest_of_either_road(mode: Literal["http", "socket"], golden: Callable[[str, str], None]) -> None:
    made = manifest_of(mode, address="https://brickie.contoso.com", command="/brickie")
    golden(f"cards/manifest_{mode}.slack.json", json.dumps(made, indent=1) + "\n")
    assert ("request_url" in json.dumps(made)) is (mode == "http")
    assert "assistant_view" not in json.dumps(made)


def test_whatever_is_listened_to_has_its_scope() -> None:
    wanted = {
        "app_mention": "app_mentions:read",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.im": "im:history",
        "message.mpim": "mpim:history",
        "assistant_thread_started": "assistant:write",
    }
    assert {event for event in wanted if event not in EVENTS} == set()
    assert {scope for scope in wanted.values() if scope not in SCOPES} == set()


@pytest.mark.parametrize(
    ("more", "environment", "says"),
    [
        ({}, {}, "SLACK_BOT_TOKEN is not in the environment"),
        ({}, {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET is not in the environment"),
        ({"mode": "socket"}, {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN is not in the environment"),
        ({}, {**ENVIRONMENT, "SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ({"api_url": "http://proxy.contoso.com/api/"}, ENVIRONMENT, "would send tokens unencrypted"),
    ],
)
def test_what_is_half_set_up_is_refused_in_a_sentence(
    more: Mapping[str, object], environment: Mapping[str, str], says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        demand_configured(settings_with(**more), environment)


def test_without_a_mode_nothing_is_asked_for() -> None:
    demand_configured(Settings(), {})
    assert examined(Settings(), {}).state == "optional"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"team_ids": ()}, "Slack__TeamIds"),
        ({"roles": {}}, "Slack__Roles"),
    ],
)
def test_doctor_names_what_is_missing_before_it_asks_slack(more: Mapping[str, object], says: str) -> None:
    step = examined(settings_with(**more), ENVIRONMENT)
    assert (step.state, says in step.finding + step.fix) == ("missing", True)


@pytest.fixture
def workspace() -> Iterator[tuple[SlackWorkspace, str]]:
    """A played workspace in a thread of its own: doctor asks from outside of any loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    double = SlackDouble(SlackWorkspace(), secret=ENVIRONMENT["SLACK_SIGNING_SECRET"])
    asyncio.run_coroutine_threadsafe(double.start(), loop).result(10)
    try:
        yield double.workspace, double.api_url
    finally:
        asyncio.run_coroutine_threadsafe(double.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.mark.integration
def test_doctor_asks_slack_itself(workspace: tuple[SlackWorkspace, str]) -> None:
    played, url = workspace
    assert examined(settings_with(api_url=url), ENVIRONMENT).state == "ok"
    assert examined(settings_with(api_url=url, mode="socket"), ENVIRONMENT).state == "ok"
    elsewhere = examined(settings_with(api_url=url, team_ids=("T9",)), ENVIRONMENT)
    assert "Add T0SANDBOX to Slack__TeamIds" in elsewhere.fix
    nobody = examined(settings_with(api_url=url, roles={"*": "requester"}), ENVIRONMENT)
    assert (nobody.state, "approver" in nobody.fix) == ("optional", True)
    played.refusals["auth.test"].append(ApiRefusal("invalid_auth"))
    assert "SLACK_BOT_TOKEN: invalid_auth" in examined(settings_with(api_url=url), ENVIRONMENT).finding
    played.scopes = ["chat:write"]
    assert "app_mentions:read" in examined(settings_with(api_url=url), ENVIRONMENT).finding


def test_roles_may_be_one_or_several() -> None:
    roles = SlackSettings.model_validate({"roles": {"U1": "approver", "S1": ["requester", "approver"]}}).roles_of
    assert roles == {"U1": ("approver",), "S1": ("requester", "approver")}


@pytest.mark.integration
def test_slacks_packages_wait_until_slack_is_wanted() -> None:
    script = "import sys, agent.cli.serve, agent.channels.slack.road, agent.cli.slack, agent.cli.chat_platforms\n"
    script += "print([name for name in sys.modules if name.startswith('slack_')])"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"
