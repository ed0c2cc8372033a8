"""A database that cannot be used: one sentence at the start, nothing half-kept in the middle, no secret anywhere."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import forked
import pytest
from postgresql import Server
from talking import Talk

from agent.__main__ import main
from agent.events import Error, PlanProposed, Result
from agent.store.database import Database
from plugins.deploy.sandbox.install import cloud_path
from plugins.domain.errors import ConfigurationError

pytestmark = pytest.mark.integration

PASSWORD = "correct-horse"
HELLO = '{"text": "hello"}\n'


def greeted(home: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Exit code, output and errors of one that is greeted, and no more."""
    return forked.run("chat", "--json", env={**os.environ, "BRICKIE_HOME": str(home), **environment}, said=HELLO)


def refused(home: Path, environment: Mapping[str, str]) -> str:
    """The one line with which it ends, as a wrong configuration does, having told nothing else."""
    code, output, errors = greeted(home, environment)
    assert (code, output) == (2, "")
    assert errors.count("\n") == 1, errors
    return errors


def exit_code(home: Path, environment: Mapping[str, str]) -> int:
    return greeted(home, environment)[0]


def as_role(url: str, role: str, password: str) -> str:
    """The same database, signed in to as that role."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@"))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://brickie:correct-horse@127.0.0.1:1/brickie", "database at 127.0.0.1 that Database__Url names"),
        ("postgresql://brickie:correct-horse@/brickie?host=/nowhere", "database at a local socket"),
        ("postgresql://brickie:correct-horse@127.0.0.1:port/brickie", "no URL of a PostgreSQL database"),
        ("mysql://brickie:correct-horse@127.0.0.1/brickie", "no URL of a PostgreSQL database"),
        ("correct-horse", "no URL of a PostgreSQL database"),
        ("[bad", "no URL of a PostgreSQL database"),
        ("sqlite:///", "no URL of a PostgreSQL database"),
        ("postgresql://[bad", "the PostgreSQL database at [bad that Database__Url names"),
        ("postgresql://brickie:correct-horse[@127.0.0.1:1/brickie", "database at 127.0.0.1 that Database__Url names"),
    ],
)
async def test_a_url_that_leads_nowhere_is_one_sentence(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        await Database(url).open()
    assert says in str(told.value)
    assert "\n" not in str(told.value)
    assert PASSWORD not in str(told.value)


def test_brickie_says_that_one_sentence_and_ends_as_a_wrong_configuration_does(tmp_path: Path) -> None:
    home, environment = tmp_path / "home", {"Database__Url": f"postgresql://brickie:{PASSWORD}@127.0.0.1:1/b"}
    line = refused(home, environment)
    assert "database at 127.0.0.1 that Database__Url names" in line
    assert PASSWORD not in line


def test_a_wrong_password_is_one_sentence_that_does_not_tell_it(tmp_path: Path, postgresql: Server) -> None:
    url = postgresql.database()
    name = url.split("?")[0].rsplit("/", 1)[1]
    postgresql.execute(
        f"create role locked login password '{PASSWORD}'",
        "grant all on schema public to locked",
        f"grant create on database {name} to locked",
        url=url,
    )
    postgresql.demand_password("locked")
    line = refused(tmp_path / "home", {"Database__Url": as_role(url, "locked", "battery-staple")})
    assert "refuses this sign-in" in line
    assert "battery-staple" not in line
    code, output, errors = greeted(tmp_path / "home", {"Database__Url": as_role(url, "locked", PASSWORD)})
    assert (code, errors) == (0, "")
    assert PASSWORD not in output


async def test_a_user_who_may_make_no_tables_is_told_so(postgresql: Server) -> None:
    url = postgresql.database()
    postgresql.execute("create role weak login", url=url)
    with pytest.raises(ConfigurationError, match="may not make or change the tables"):
        await Database(as_role(url, "weak", "x")).open()


def test_a_user_who_may_make_no_schema_for_the_engine_is_told_so(tmp_path: Path, postgresql: Server) -> None:
    url = postgresql.database()
    postgresql.execute("create role narrow login", "grant all on schema public to narrow", url=url)
    line = refused(tmp_path / "home", {"Database__Url": as_role(url, "narrow", PASSWORD)})
    assert "may not make or change the schema dbos" in line
    assert PASSWORD not in line


async def test_a_database_that_is_not_there_is_one_sentence(postgresql: Server) -> None:
    with pytest.raises(ConfigurationError, match="cannot be reached or refuses"):
        await Database(postgresql.url("/nowhere")).open()


def test_a_damaged_file_is_one_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "brickie.db").write_bytes(b"no database at all " * 500)
    line = refused(home, {})
    assert "brickie.db is damaged, so nothing was read from it and nothing changed in it." in line
    assert (home / "brickie.db").read_bytes().startswith(b"no database at all")


Doctor = Callable[[Path, Mapping[str, str]], tuple[int, dict[str, dict[str, str]]]]


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Its exit code, and its checks by what they are of, for a home and an environment."""

    def looked(home: Path, environment: Mapping[str, str]) -> tuple[int, dict[str, dict[str, str]]]:
        with monkeypatch.context() as patch:
            for name, value in {"BRICKIE_HOME": str(home), **environment}.items():
                patch.setenv(name, value)
            code = main(["doctor", "--json"])
        return code, {check["what"]: check for check in json.loads(capsys.readouterr().out)["checks"]}

    return looked


def test_the_doctor_finds_a_damaged_database_and_says_what_to_do(tmp_path: Path, doctor: Doctor) -> None:
    """Damage in the middle of the file, too, which shows only when those pages are read."""
    home = tmp_path / "home"
    assert exit_code(home, {}) == 0
    assert doctor(home, {})[0] == 0
    whole = (home / "brickie.db").read_bytes()
    for damaged in (b"no database at all " * 500, whole[:8192] + b"\xff" * 8192 + whole[16384:]):
        (home / "brickie.db").write_bytes(damaged)
        code, checks = doctor(home, {})
        assert (code, checks["records"]["state"]) == (1, "missing")
        assert f"{home / 'brickie.db'} is damaged" in checks["records"]["found"]
        assert "put back your last copy of it" in checks["records"]["fix"]
        assert (home / "brickie.db").read_bytes() == damaged


def test_the_doctor_finds_a_damaged_sandbox_cloud(tmp_path: Path, doctor: Doctor) -> None:
    path = cloud_path(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no cloud at all " * 500)
    code, checks = doctor(tmp_path, {})
    assert (code, checks["cloud"]["state"]) == (1, "missing")
    assert checks["cloud"]["fix"] == "Empty it: `brickie sandbox reset`."


@pytest.mark.parametrize("url", ["postgresql://brickie:correct-horse@127.0.0.1:1/brickie", "[bad"])
def test_the_doctor_finds_a_database_that_cannot_be_used(tmp_path: Path, doctor: Doctor, url: str) -> None:
    code, checks = doctor(tmp_path, {"Database__Url": url})
    assert (code, checks["records"]["state"]) == (1, "missing")
    assert PASSWORD not in json.dumps(checks)


def test_the_doctor_changes_nothing_by_looking(tmp_path: Path, doctor: Doctor) -> None:
    home = tmp_path / "home"
    assert doctor(home, {})[1]["records"]["state"] == "ok"
    assert not (home / "brickie.db").exists()


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    assert "cannot be written to" in refused(tmp_path / "file" / "home", {})


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_second_process_of_the_same_name_is_refused(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    environment = {"Engine__Executor": "worker-1"}
    if kind == "postgresql":
        environment["Database__Url"] = cast("Server", request.getfixturevalue("postgresql")).database()
    own = {**os.environ, "BRICKIE_HOME": str(tmp_path / "home"), **environment}
    first = await forked.Spoken.begun("agent", ("chat", "--json"), env=own)
    first.stdin.write(HELLO.encode())
    while json.loads(await first.stdout.readline())["type"] != "state":
        pass
    line = refused(tmp_path / "home", environment)
    assert "worker-1 is at work on this database already" in line
    first.stdin.close()
    assert await first.wait() == 0
    assert exit_code(tmp_path / "home", environment) == 0


async def test_what_cannot_be_kept_is_said_and_the_next_message_works(tmp_path: Path, postgresql: Server) -> None:
    """A confirmation while PostgreSQL is away starts nothing and is used by nobody; said again, it counts once."""
    talk = Talk(tmp_path, postgresql.database())
    (plan,) = [event for event in await talk.say("dev etl workspace for team fern") if isinstance(event, PlanProposed)]
    postgresql.go_away()
    try:
        lost: list[Any] = await talk.say("yes")
    finally:
        postgresql.come_back()
    assert {event.type for event in lost} == {"error"}
    assert all(event.code == "not_kept" and "nothing of this was kept" in event.text for event in lost)
    assert talk.terraform.applied == []
    events = await talk.say("yes")
    assert [event.status for event in events if isinstance(event, Result)] == ["succeeded"]
    assert talk.terraform.applied == [(plan.plan_id, "Ana")]
    assert not [event for event in events if isinstance(event, Error)]
    await talk.app.close()
