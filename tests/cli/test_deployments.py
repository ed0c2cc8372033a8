"""`brickie deployments`, `approvals` and `audit`, as a script runs them: data on standard output, exit codes."""

import asyncio
import json
import os
import sqlite3
from pathlib import Path

import forked
import pytest

from agent.__main__ import main
from agent.app import App, AppEnvironment
from agent.events import Incoming
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

RITA = Person(id="rita", name="rita", roles=("requester",))
AS_RITA = ["--as", "rita", "--role", "requester"]
AS_INES = ["--as", "ines", "--role", "approver"]


@pytest.fixture
def home() -> Path:
    """Records in which rita has dbw-mint-dev, and waits with a plan for production."""
    path = Path(os.environ["BRICKIE_HOME"])
    asyncio.run(_lived(path))
    return path


async def _lived(home: Path) -> None:
    settings = Settings()
    in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    app = App(AppEnvironment(settings, {}, home), terraform=in_memory, inline=True)
    said = ("sandbox dbw-mint-dev for the mint team, notebooks", "yes", "prod workspace for the ledger team, ETL")
    for text in said:
        await app.reply_to(Incoming(conversation="cnv_1", person=RITA, text=text), until_settled=True)
    await app.close()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def started(*arguments: str) -> tuple[int, str, str]:
    """The same in a process of its own: the durable engine is one in a process."""
    return forked.run(*arguments, env=os.environ)


@pytest.mark.usefixtures("home")
def test_the_list_names_owner_environment_cost_and_status(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "deployments", "list", "--json", *AS_RITA)
    row = json.loads(out)
    assert (code, err) == (0, "")
    assert (row["workspace_name"], row["environment"], row["owner"], row["status"], row["monthly"]) == (
        "dbw-mint-dev",
        "dev",
        "rita",
        "succeeded",
        232.2,
    )


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--environment", "dev"], 1),
        (["--environment", "prod"], 0),
        (["--owner", "RIT"], 1),
        (["--owner", "tom"], 0),
        (["--status", "planned"], 1),
        (["--status", "deployed"], 1),
        (["--status", "Succeeded"], 1),
        (["--status", "not deployed"], 0),
        (["--status", "not deployed: the last run failed"], 0),
        (["--status", "destroyed"], 0),
    ],
)
def test_the_list_is_narrowed(capsys: pytest.CaptureFixture[str], filters: list[str], count: int) -> None:
    """Without a status it shows what stands; what is only planned is not among it."""
    code, out, _ = run(capsys, "deployments", "list", "--json", *filters, *AS_INES)
    assert code == 0
    assert len(out.splitlines()) == count


def test_a_status_that_there_is_not_is_told_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """As a table prints them; what is still being planned has no row, and is none of them."""
    for text in ("ready", "planning"):
        with pytest.raises(SystemExit) as ended:
            main(["deployments", "list", "--status", text])
        assert ended.value.code == 2
        assert f"“{text}” is no status: there are planned, about to be deployed, being" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_the_table_and_the_filter_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, "deployments", "list", *AS_RITA)[1]
    assert " deployed " in printed
    assert "succeeded" not in printed
    assert run(capsys, "deployments", "list", "--status", "deployed", *AS_RITA)[1] == printed


@pytest.mark.usefixtures("home")
def test_a_requester_sees_their_own_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "deployments", "list", "--json", "--as", "tom", "--role", "requester")[1] == ""


@pytest.mark.usefixtures("home")
def test_one_workspace_with_configuration_run_and_history(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "deployments", "show", "DBW-mint-dev", "--json", *AS_RITA)
    shown = json.loads(out)
    assert code == 0
    assert shown["last_run"]["status"] == "succeeded"
    assert shown["decision"]["worker_instance_type"] == "Standard_E4ds_v5"
    assert shown["url"] == "https://adb-rehearsed.azuredatabricks.net/dbw-mint-dev"
    assert [entry["what"] for entry in shown["history"]] == [
        "asked to create",
        "approved the plan to create",
        "deployed",
    ]
    text = run(capsys, "deployments", "show", "dbw-mint-dev", *AS_RITA)[1]
    assert "Terraform last ran on" in " ".join(text.split())
    assert "approved the plan to create" in text


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("command", ["show", "plan", "destroy", "cancel"])
def test_an_unknown_name_gets_the_nearest_and_fails(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, err = run(capsys, "deployments", command, "dbw-mint-def", *AS_RITA)
    assert (code, out) == (1, "")
    assert err.endswith("there is no workspace called dbw-mint-def. Did you mean dbw-mint-dev?\n")


@pytest.mark.usefixtures("home")
def test_what_waits_says_for_whom(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "approvals", "--json", *AS_RITA)
    waiting = json.loads(out)
    assert code == 0
    assert (waiting["action"], waiting["workspaces"], waiting["waits_for"], waiting["may_decide"]) == (
        "create",
        ["dbw-ledger-prod"],
        "somebody with the role approver, other than rita",
        False,
    )
    assert json.loads(run(capsys, "approvals", "--json", *AS_INES)[1])["may_decide"] is True
    assert run(capsys, "approvals", "--json", "--as", "tom", "--role", "requester")[1] == ""


def test_a_whole_audit_verifies_and_an_altered_row_is_named(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run(capsys, "audit", "verify")[0] == 0
    rows = [json.loads(line) for line in run(capsys, "audit", "list", "--json", "--most", "2")[1].splitlines()]
    assert [row["what"] for row in rows] == ["deployed", "asked to create"]
    with sqlite3.connect(home / "brickie.db") as records:
        guards = records.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (guard,) in guards:
            records.execute(f"drop trigger {guard}")
        records.execute("update audit set who = 'mallory' where seq = 2")
    code, _, err = run(capsys, "audit", "verify")
    assert code == 1
    assert "row 2 was altered" in err
    assert json.loads(run(capsys, "audit", "verify", "--json")[1])["first_break"] == {"seq": 2, "what": "was altered"}


@pytest.mark.usefixtures("home")
def test_the_audit_names_who_by_issuer_and_id_and_what_was_before_and_after(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [json.loads(line) for line in run(capsys, "audit", "list", "--json")[1].splitlines()]
    assert {(row["who"], row["by"]["issuer"], row["by"]["id"]) for row in rows} == {("rita", "said", "rita")}
    approved, deployed = rows[1], rows[2]
    assert (approved["before"], approved["after"]["plan"]) == ({"plan": "pending"}, "approved")
    assert (deployed["before"], deployed["after"]["status"], deployed["after"]["workspace_name"]) == (
        {"status": "queued"},
        "succeeded",
        "dbw-mint-dev",
    )


def test_an_anchor_kept_elsewhere_shows_what_was_cut_off(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    """Given as a file or as the text itself; without it the cut chain, its head set back, looks whole."""
    kept = tmp_path / "anchor.txt"
    assert run(capsys, "audit", "anchor", "--out", str(kept)) == (0, "", "")
    text = run(capsys, "audit", "anchor")[1]
    assert kept.read_text("utf-8").split(".")[:4] == text.split(".")[:4]
    assert json.loads(run(capsys, "audit", "anchor", "--json")[1])["row"] == 4
    for anchor in (str(kept), text):
        code, out, _ = run(capsys, "audit", "verify", "--anchor", anchor)
        assert (code, "Row 4 is the one of the anchor" in out) == (0, True)
    with sqlite3.connect(home / "brickie.db") as records:
        for (guard,) in records.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            records.execute(f"drop trigger {guard}")
        records.execute("delete from audit where seq = 4")
        records.execute("update audit_head set seq = 3, hash = (select hash from audit where seq = 3)")
    code, out, _ = run(capsys, "audit", "verify")
    assert (code, "whoever owns the database can write the whole chain anew" in out) == (0, True)
    code, _, err = run(capsys, "audit", "verify", "--anchor", text)
    assert (code, "row 4 is missing: the anchor names row 4" in err) == (1, True)


@pytest.mark.usefixtures("home")
def test_verifying_says_what_it_proves(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    out = run(capsys, "audit", "verify")[1]
    assert "Without AUDIT_KEY this proves only that no row was changed, removed or inserted by hand" in out
    monkeypatch.setenv("AUDIT_KEY", "k" * 40)
    code, _, err = run(capsys, "audit", "verify")
    assert (code, "row 1 carries no mark of AUDIT_KEY, and no other row does" in err) == (1, True)
    assert run(capsys, "audit", "verify", "--anchor", "no such file")[0] == 2
    monkeypatch.setenv("AUDIT_KEY", "short")
    assert run(capsys, "audit", "verify")[0] == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "extend dbw-mint-dev by 300 days",
        "destroy dbw-mint-dev",
        "yes",
        "",
        "\n\n",
        "import /subscriptions/0/resourceGroups/r/providers/Microsoft.Databricks/workspaces/dbw-x for team mint, dev",
    ],
)
@pytest.mark.usefixtures("home")
def test_a_file_that_is_no_list_is_refused_whatever_its_sentences_ask_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sentence: str
) -> None:
    said = tmp_path / "teams.csv"
    said.write_text(sentence, "utf-8")
    before = run(capsys, "deployments", "list", "--json")
    code, out, err = started("deployments", "plan", "--csv", str(said))
    assert (code, out) == (2, "")
    assert err == (
        "brickie: reading the CSV: teams.csv is no list of workspaces, so nothing was done."
        " Its first line must name the columns: team,environment,workload and more as you need them.\n"
    )
    assert run(capsys, "deployments", "list", "--json") == before


def test_a_list_stays_a_list_whatever_stands_before_it(tmp_path: Path) -> None:
    said = tmp_path / "teams.csv"
    azure_id = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw-x"
    said.write_text(f"import {azure_id}\nteam,environment,workload\nmint,nowhere,etl\n", "utf-8")
    code, _, err = started("deployments", "plan", "--csv", str(said))
    assert code == 1
    assert "line 3: “nowhere” is no environment" in err


@pytest.mark.parametrize("arguments", [["plan"], ["plan", "dbw-x", "--csv", "x.csv"], ["plan", "--csv", "none.csv"]])
def test_a_plan_of_nothing_or_of_two_things_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, out, err = run(capsys, "deployments", *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_bad_rows_of_a_csv_are_all_named_and_nothing_is_started(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    listed = tmp_path / "teams.csv"
    listed.write_text("team,environment,workload\nalpha,dev,etl\nbeta,moon,etl\n,dev,etl\n", "utf-8")
    code, out, err = started("deployments", "plan", "--csv", str(listed), "--json")
    assert (code, out) == (1, "")
    assert "line 3: “moon” is no environment" in err
    assert "line 4: the team is missing" in err
    assert run(capsys, "approvals", "--json")[1] == ""


def test_an_import_asks_for_what_it_cannot_read(capsys: pytest.CaptureFixture[str]) -> None:
    azure_id = (
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-old"
        "/providers/Microsoft.Databricks/workspaces/dbw-old"
    )
    options = ("--team", "Data Platform", "--environment", "dev", "--workload", "blah")
    code, out, err = run(capsys, "deployments", "import", azure_id, *options)
    assert (code, out, err) == (1, "", "brickie: What is it mainly for?\n")


def test_more_than_400_workspaces_are_refused_with_one_sentence(tmp_path: Path) -> None:
    listed = tmp_path / "teams.csv"
    listed.write_text("team,environment,workload\n" + "".join(f"t{n},dev,etl\n" for n in range(401)), "utf-8")
    code, _, err = started("deployments", "plan", "--csv", str(listed))
    assert code == 1
    assert "That is 401 workspaces; one plan holds at most 400." in err


def test_a_reset_forgets_the_sandbox_and_its_records(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run(capsys, "sandbox", "reset") == (0, "", "The sandbox cloud is empty again.\n")
    assert run(capsys, "deployments", "list", "--json", *AS_INES)[1] == ""
    assert not list(home.glob("deployments/*"))


@pytest.mark.parametrize(
    ("variable", "value", "code", "says", "stays"),
    [
        ("Cloud__Mode", "azure", 2, "works on a real subscription", True),
        ("Database__Url", "postgresql://somewhere/brickie", 0, "Database__Url were left as they are", False),
    ],
)
def test_a_reset_never_touches_a_real_subscriptions_records_and_says_what_it_leaves(
    capsys: pytest.CaptureFixture[str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    variable: str,
    value: str,
    code: int,
    says: str,
    stays: bool,
) -> None:
    monkeypatch.setenv(variable, value)
    ended, _, told = run(capsys, "sandbox", "reset")
    assert ended == code
    assert says in told
    assert (home / "brickie.db").exists() == stays
