"""The wheel: what is in it, and that it runs outside the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    code = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return next(folder.glob("*.whl"))


def test_its_top_level_is_two_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        top = {name.split("/")[0] for name in content.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"agent", "plugins"}


def test_templates_tables_and_settings_are_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        names = set(content.namelist())
    wanted = {
        "agent/appsettings.json", "agent/templates/replies/questions.toml",
        "agent/templates/terraform/databricks/main.tf.j2", "plugins/catalogue/vm_prices.csv",
        "plugins/deploy/sandbox/schemas/azurerm.json", "plugins/parse/vocabulary/environments.toml",
    }  # fmt: skip
    assert wanted <= names


def test_it_runs_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Unpacked somewhere else, before anything of the checkout is on the path."""
    with zipfile.ZipFile(wheel) as content:
        content.extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "BRICKIE_HOME": str(tmp_path / "home")}
    run = subprocess.run(
        [sys.executable, "-m", "agent", "parse", "--jsonl"],
        input='{"id": 1, "text": "Databricks for the ML team in dev"}\n', env=environment, cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["requests"][0]["team"] == "ml"


def test_nobody_else_installs_packages_of_these_names() -> None:
    owners = packages_distributions()
    assert set(owners.get("agent", ["brickie"])) == {"brickie"}
    assert set(owners.get("plugins", ["brickie"])) == {"brickie"}
