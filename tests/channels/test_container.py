"""The image and the compose file: what they set is taken by the program, and lets in nobody but who should come in."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from web_server import Served

from agent.channels.auth.identity import sign_in_settings_of
from agent.paths import place
from agent.settings import load_settings
from plugins.domain.plan import Person

ROOT = Path(__file__).parents[2]
LINES = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text("utf-8")).splitlines()
COMPOSE = cast("dict[str, Any]", yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8")))
BRICKIE = COMPOSE["services"]["brickie"]
HERE = Person(id="brickie", name="brickie")


def said(instruction: str) -> list[str]:
    """What follows that instruction in the last stage of the Containerfile."""
    last = max(number for number, line in enumerate(LINES) if line.startswith("FROM "))
    return [line.split(" ", 1)[1] for line in LINES[last:] if line.startswith(f"{instruction} ")]


@pytest.fixture
def environment() -> dict[str, str]:
    """The image's own."""
    return dict(pair.split("=", 1) for line in said("ENV") for pair in line.split())


def test_the_image_is_no_root_keeps_its_home_and_is_reached_on_its_port(environment: dict[str, str]) -> None:
    assert said("USER") == ["10001"]
    assert said("VOLUME") == [environment["BRICKIE_HOME"]]
    assert said("EXPOSE") == [environment["Web__Port"]]
    assert (said("ENTRYPOINT"), said("CMD")) == (['["brickie"]'], ['["serve"]'])


def test_the_image_listens_everywhere_and_opens_by_its_token_only(environment: dict[str, str]) -> None:
    settings = load_settings(environment, place("appsettings.json"))
    sign_in = sign_in_settings_of(settings, HERE)
    assert (settings.web.host, sign_in.local, sign_in.invites) == ("0.0.0.0", HERE, True)


def test_where_people_sign_in_there_is_no_token(environment: dict[str, str]) -> None:
    signing_in = {
        "Identity__Issuer": "https://login.example",
        "Identity__ClientId": "b",
        "Web__PublicUrl": "https://brickie.example",
    }
    sign_in = sign_in_settings_of(load_settings(environment | signing_in, place("appsettings.json")), HERE)
    assert (sign_in.local, sign_in.invites) == (None, False)


@pytest.mark.integration
def test_the_health_check_tells_a_ready_server_from_none(served: Served, environment: dict[str, str]) -> None:
    command: list[str] = json.loads(said("HEALTHCHECK")[0].split(" CMD ")[1])
    assert BRICKIE["healthcheck"]["test"] == ["CMD", *command]
    here = command[2].replace(f":{environment['Web__Port']}/", f":{served.url.rsplit(':', 1)[1]}/")
    nowhere = command[2].replace(f":{environment['Web__Port']}/", ":9/")
    codes = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        for code in (here, nowhere)
    ]
    assert codes == [0, 1]


def test_compose_keeps_records_and_state_in_postgresql(environment: dict[str, str]) -> None:
    settings = load_settings(environment | BRICKIE["environment"], place("appsettings.json"))
    postgres = COMPOSE["services"]["postgres"]["environment"]
    url = f"postgresql://{postgres['POSTGRES_USER']}:${{POSTGRES_PASSWORD}}@postgres/{postgres['POSTGRES_DB']}"
    assert (settings.database.url, settings.state.backend) == (url, "pg")
    assert BRICKIE["environment"]["PG_CONN_STR"] == f"{url}?sslmode=disable"
    assert BRICKIE["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_compose_is_reached_from_its_own_machine_only_and_forgets_nothing(environment: dict[str, str]) -> None:
    port = environment["Web__Port"]
    assert BRICKIE["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert "ports" not in COMPOSE["services"]["postgres"]
    assert f"home:{environment['BRICKIE_HOME']}" in BRICKIE["volumes"]
    mounted = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_no_password_stands_in_the_file() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    assert set(re.findall(r"brickie:([^@\s]+)@", text)) == {"${POSTGRES_PASSWORD}"}
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
