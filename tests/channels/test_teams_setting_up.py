"""The road to Teams: what `brickie doctor` says of it, the package to upload, and the address while it is off."""

import asyncio
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from teams_served import TeamsServed
from teams_service import APP_ID, PASSWORD, TENANT, TeamsService

from agent.__main__ import main
from agent.cli.doctor import Check, examine
from agent.settings import Settings

pytestmark = pytest.mark.integration

PUBLIC = "https://brickie.contoso.com"


@pytest.fixture
def microsoft() -> Iterator[TeamsService]:
    """Microsoft's side in a thread of its own: a command runs a loop of its own as well."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    service = asyncio.run_coroutine_threadsafe(TeamsService().start(), loop).result(30)
    yield service
    asyncio.run_coroutine_threadsafe(service.stop(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def pointed(service: TeamsService, **more: str) -> dict[str, str]:
    return {
        "Teams__AppId": APP_ID,
        "Teams__TenantId": TENANT,
        "Teams__LoginUrl": service.url,
        "Teams__OpenIdMetadataUrl": f"{service.url}/openid",
        "Teams__Roles": json.dumps({"object-ana": "requester"}),
        "TEAMS_APP_PASSWORD": PASSWORD,
        "Web__PublicUrl": PUBLIC,
        **more,
    }


def road(environment: dict[str, str]) -> dict[str, Check]:
    return {check.what: check for check in examine(environment) if check.what.startswith("teams")}


def test_doctor_says_that_teams_is_off_and_how_it_is_switched_on() -> None:
    (check,) = road({}).values()
    assert (check.what, check.state) == ("teams", "optional")
    assert check.finding == "not set up; “brickie help teams” tells how"


def test_doctor_walks_the_whole_road(microsoft: TeamsService) -> None:
    steps = road(pointed(microsoft))
    assert list(steps) == ["teams registration", "teams keys", "teams endpoint", "teams roles", "teams upload"]
    assert {check.state for check in steps.values()} == {"ok"}
    assert steps["teams endpoint"].finding.startswith(f"{PUBLIC}/api/messages ")
    assert microsoft.calls == []  # looking writes nothing to anybody
    assert PASSWORD not in repr(steps)


def test_doctor_says_at_each_step_what_is_missing(microsoft: TeamsService) -> None:
    microsoft.down = True
    environment = {**pointed(microsoft), "TEAMS_APP_PASSWORD": "wrong", "Web__PublicUrl": "http://brickie.local"}
    del environment["Teams__Roles"]
    missing = {name: check for name, check in road(environment).items() if check.state == "missing"}
    assert list(missing) == ["teams registration", "teams keys", "teams endpoint", "teams roles"]
    assert "a secret may have expired" in missing["teams registration"].fix
    assert "nobody could be verified" in missing["teams keys"].finding
    assert "Web__PublicUrl" in missing["teams endpoint"].fix
    assert "wrong" not in repr([check.finding for check in missing.values()])


def test_half_a_configuration_is_said_by_doctor() -> None:
    (check,) = road({"Teams__TenantId": TENANT}).values()
    assert (check.state, "Teams__AppId" in check.fix + check.finding) == ("missing", True)


def test_the_package_is_written_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in pointed(TeamsService(), Teams__LoginUrl="https://login.example.com").items():
        if name != "Teams__OpenIdMetadataUrl":
            monkeypatch.setenv(name, value)
    file = tmp_path / "brickie-teams.zip"
    assert main(["teams", "manifest", "--out", str(file)]) == 0
    assert "upload it in the Teams admin center" in capsys.readouterr().err
    with zipfile.ZipFile(file) as package:
        assert sorted(package.namelist()) == ["color.png", "manifest.json", "outline.png"]
        assert json.loads(package.read("manifest.json"))["id"] == APP_ID
    assert main(["teams", "manifest", "--out", str(tmp_path / "none" / "here.zip")]) == 2
    assert "here.zip" in capsys.readouterr().err


def test_no_package_while_teams_is_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "brickie-teams.zip"
    assert main(["teams", "manifest", "--out", str(file)]) == 2
    assert "Teams__AppId" in capsys.readouterr().err
    assert not file.exists()


async def test_the_address_answers_that_teams_is_off(tmp_path: Path) -> None:
    served = TeamsServed(tmp_path / "home", TeamsService(), {})
    served.settings = Settings.model_validate({"Web": {"Port": 0}, "Cloud": {"Sandbox": {"Speed": 0}}})
    await served.start()
    try:
        activity = {"type": "message", "channelId": "msteams", "text": "hello"}
        async with served.http.post(f"{served.url}/api/messages", json=activity) as answer:
            assert answer.status == 404
            assert (await answer.json())["error"]["code"] == "teams_off"
    finally:
        await served.stop()
