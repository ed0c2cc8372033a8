"""What the settings allow Teams: off until it is asked for, and never open to anybody."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from agent.channels.teams.access import TeamsAccess, access_of, is_allowed
from agent.channels.teams.manifest import package_of
from agent.settings import Settings, load_settings
from plugins.domain.errors import ConfigurationError

SCHEMAS = Path(__file__).parents[2] / (
    "agent/channels/web_client/node_modules/@microsoft/app-manifest/build/json-schemas/teams"
)
PASSWORD = {"TEAMS_APP_PASSWORD": "a-secret"}
APP = {"AppId": "11111111-2222-3333-4444-555555555555", "TenantId": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}


def settings_of(teams: dict[str, Any], **more: Any) -> Settings:
    return Settings.model_validate({"Teams": teams, **more})


def access(**more: Any) -> TeamsAccess:
    made = access_of(settings_of({**APP, **more}), PASSWORD)
    assert made is not None
    return made


def test_it_is_off_until_it_is_asked_for() -> None:
    assert access_of(Settings(), {}) is None


@pytest.mark.parametrize(
    ("teams", "environment", "problem"),
    [
        ({"TenantId": "t"}, {}, "no app id"),
        ({"Roles": {"x": "approver"}}, {}, "no app id"),
        ({}, PASSWORD, "no app id"),
        ({"AppId": "a"}, PASSWORD, "no directory"),
        ({"AppId": "a", "TenantId": "t"}, {}, "password is missing"),
    ],
)
def test_what_is_half_configured_does_not_start(
    teams: dict[str, Any], environment: dict[str, str], problem: str
) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        access_of(settings_of(teams), environment)


def test_a_managed_identity_needs_no_password() -> None:
    made = access_of(settings_of({**APP, "AppType": "UserAssignedMSI"}), {})
    assert made is not None
    assert made.password is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "brickie.contoso.com", "::"])
def test_the_playground_listens_to_this_machine_alone(host: str) -> None:
    with pytest.raises(ConfigurationError, match="everybody who reaches it"):
        access_of(settings_of({"Playground": True}, Web={"Host": host}), {})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_the_playground_starts_on_this_machine(host: str) -> None:
    assert access_of(settings_of({"Playground": True}, Web={"Host": host}), {}) is not None


def test_the_playground_is_not_for_a_real_subscription() -> None:
    with pytest.raises(ConfigurationError, match="not verified"):
        access_of(settings_of({"Playground": True}, Cloud={"Mode": "azure"}), {})


def test_settings_are_read_from_the_environment_in_any_of_their_shapes() -> None:
    environment = {
        "Teams__AppId": "a",
        "Teams__TenantId": "one",
        "Teams__Roles__abc": "approver",
        "Teams__Roles__def": '["requester", "approver"]',
        "Teams__ServiceUrls": '["smba.example"]',
    }
    teams = load_settings(environment, None).teams
    assert (teams.tenant_id, teams.roles, teams.service_urls) == (
        ("one",),
        {"abc": ("approver",), "def": ("requester", "approver")},
        ("smba.example",),
    )


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://europe.botframework.com/", True),
        ("https://SMBA.trafficmanager.net/", True),
        ("http://smba.trafficmanager.net/", False),
        ("https://botframework.com.example/", False),
        ("https://evilbotframework.com/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://user@smba.trafficmanager.net/", False),
        ("https://evil.example/?smba.trafficmanager.net", False),
        ("https://evil.example#smba.trafficmanager.net", False),
        ("http://169.254.169.254/metadata", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_answers_go_to_the_hosts_that_are_named_and_nowhere_else(address: str, *, allowed: bool) -> None:
    assert access().may_write_to(address) is allowed


def test_an_address_with_its_port_names_that_port_alone() -> None:
    assert is_allowed("http://127.0.0.1:4000/x", ("http://127.0.0.1:4000",))
    assert not is_allowed("http://127.0.0.1:4001/x", ("http://127.0.0.1:4000",))
    assert not is_allowed("http://10.0.0.1:4000/x", ("http://10.0.0.1:4000",))


def files_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(package)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_the_package_holds_a_manifest_that_the_schema_takes_and_two_icons() -> None:
    files = files_of(package_of(access(), "https://brickie.contoso.com", "1.2.3"))
    assert sorted(files) == ["color.png", "manifest.json", "outline.png"]
    for name, size in (("color.png", 192), ("outline.png", 32)):
        header = files[name]
        assert (header[:8], header[16:24]) == (b"\x89PNG\r\n\x1a\n", size.to_bytes(4, "big") * 2)
    manifest = json.loads(files["manifest.json"])
    assert (manifest["id"], manifest["bots"][0]["botId"], manifest["version"]) == (APP["AppId"], APP["AppId"], "1.2.3")
    assert manifest["validDomains"] == ["brickie.contoso.com"]
    if not SCHEMAS.exists():
        pytest.skip("the schema needs npm (npm ci in agent/channels/web_client)")
    for version in ("1.29", "1.30"):
        schema = json.loads((SCHEMAS / f"v{version}" / "MicrosoftTeams.schema.json").read_text("utf-8"))
        held = {**manifest, "$schema": schema["properties"]["$schema"].get("const", manifest["$schema"])}
        held["manifestVersion"] = version
        errors: Any = Draft4Validator(schema).iter_errors(held)  # pyright: ignore[reportUnknownMemberType] - untyped
        assert [error.message for error in errors] == []


def test_the_same_settings_make_the_same_package() -> None:
    one, other = (package_of(access(), "https://brickie.contoso.com", "1.0.0") for _ in range(2))
    assert one == other


@pytest.mark.parametrize("url", [None, "http://brickie.contoso.com", "ftp://x"])
def test_no_package_without_an_address_that_teams_can_reach(url: str | None) -> None:
    with pytest.raises(ConfigurationError, match="Web__PublicUrl"):
        package_of(access(), url, "1.0.0")
