"""`brickie costs` and the filters of `brickie list`, as a script runs them."""

import asyncio
import json
import os
from pathlib import Path

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
_ESTATE = """team,environment,workload,name,workers,cost_limit,owner,cost_center,expires_in_days
risk,dev,etl,dbw-risk-dev,2,500,zoe@contoso.com,4412,
risk,staging,etl,dbw-risk-staging,2-4,2000,zoe@contoso.com,4412,
bi,dev,dashboards,dbw-bi-dev,1-2,500,,,10"""


@pytest.fixture
def home() -> Path:
    """Records in which three workspaces of two teams stand, all asked for by rita."""
    path = Path(os.environ["BRICKIE_HOME"])
    asyncio.run(_lived(path))
    return path


async def _lived(home: Path) -> None:
    settings = Settings()
    in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    app = App(AppEnvironment(settings, {}, home), terraform=in_memory, inline=True)
    for text in (_ESTATE, "yes"):
        await app.reply_to(Incoming(conversation="cnv_1", person=RITA, text=text), until_settled=True)
    await app.close()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_costs_are_a_row_a_group_and_a_total(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "costs", *AS_RITA, "--csv").splitlines()
    assert lines[0] == "team,workspaces,currency,month,year,share,at_least"
    assert [line.split(",")[0] for line in lines[1:]] == ["risk", "bi", "total"]
    rows = [json.loads(line) for line in run(capsys, "costs", *AS_RITA, "--by", "environment", "--json").splitlines()]
    assert [(row["by"], row["group"], row["workspaces"]) for row in rows] == [
        ("environment", "staging", 1),
        ("environment", "dev", 2),
        ("environment", "total", 3),
    ]
    assert round(sum(row["month"] for row in rows[:-1]), 2) == rows[-1]["month"]
    assert round(12 * rows[-1]["month"], 2) == rows[-1]["year"]
    assert f"3 workspaces: about {rows[-1]['month']:,.2f} USD a month" in run(capsys, "costs", *AS_RITA)


@pytest.mark.usefixtures("home")
def test_a_list_is_narrowed_and_sorted(capsys: pytest.CaptureFixture[str]) -> None:
    def names(*arguments: str) -> list[str]:
        out = run(capsys, "list", *AS_RITA, *arguments, "--json")
        return [json.loads(line)["workspace_name"] for line in out.splitlines()]

    assert names("--team", "bi") == ["dbw-bi-dev"]
    assert names("--expires-within", "10") == ["dbw-bi-dev"]
    assert names("--cost-center", "4412", "--sort", "cost") == ["dbw-risk-dev", "dbw-risk-staging"]
    assert names("--over", "500") == ["dbw-risk-staging"]
    assert names("--sort", "name", "--descending")[0] == "dbw-risk-staging"


def test_an_amount_that_is_none_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["list", "--over", "much"])
    assert ended.value.code == 2
    assert "“much” is no amount" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_without_a_bill_there_is_one_line_and_nothing_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("costs", "--actual", *AS_RITA)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "brickie sandbox bill HOURS" in told.err


@pytest.mark.usefixtures("home")
def test_actual_costs_are_the_bill_beside_the_estimate(capsys: pytest.CaptureFixture[str]) -> None:
    """240 simulated hours at 1.1 times the estimate, each group's share of the same whole."""
    run(capsys, "sandbox", "bill", "240", "--factor", "1.1")
    printed = run(capsys, "costs", "--actual", *AS_RITA, "--json")
    rows = {row["group"]: row for row in map(json.loads, printed.splitlines())}
    assert set(rows) == {"risk", "bi", "total"}
    assert rows["total"]["workspaces"] == 3
    assert rows["total"]["billed"] == pytest.approx(rows["risk"]["billed"] + rows["bi"]["billed"], abs=0.02)
    header, *lines = run(capsys, "costs", "--actual", *AS_RITA, "--by", "cost_center", "--csv").splitlines()
    assert header == "cost_center,workspaces,currency,month,billed,compared,estimated,error,forecast,at_least"
    assert [line.split(",")[:2] for line in lines] == [["4412", "2"], ["", "1"], ["total", "3"]]
    assert "Billed" in run(capsys, "costs", "--actual", *AS_RITA)
