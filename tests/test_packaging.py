"""The wheel: what is in it, and that it runs outside the checkout."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from fnmatch import fnmatchcase
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.packaging


def built(source: Path, folder: Path) -> Path:
    code = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=source, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


def sent(rules: list[str], path: str) -> bool:
    """Whether these rules of a .dockerignore let this path into the image: the last that matches it decides."""
    parts, kept = path.split("/"), True
    for rule in rules:
        wanted = rule.removeprefix("!")
        named = parts if wanted.startswith("**/") else parts[:1]
        if any(fnmatchcase(part, wanted.removeprefix("**/")) for part in named):
            kept = rule.startswith("!")
    return kept


@pytest.fixture
def rules() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_an_image_takes_what_an_installation_needs_and_nothing_else(rules: list[str]) -> None:
    """Allow-lists: what nobody thought of stays outside, whichever tool builds it."""
    assert rules[0] == "*"
    assert (ROOT / ".containerignore").read_text("utf-8") == (ROOT / ".dockerignore").read_text("utf-8")
    inside = {name for name in sorted(path.name for path in ROOT.iterdir()) if sent(rules, name)}
    assert inside == {
        ".constraints.txt",
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "agent",
        "appsettings.json",
        "plugins",
        "prompts",
        "pyproject.toml",
        "templates",
    }
    for path in (
        ".git/config",
        ".venv/bin/python",
        ".brickie/brickie.db",
        ".env",
        "home/web.key",
        "tests/conftest.py",
        "agent/.env",
        "agent/__pycache__/app.cpython-311.pyc",
        "agent/channels/web_client/node_modules/x/index.js",
        "plugins/terraform.tfstate",
        "agent/brickie.db-wal",
    ):
        assert not sent(rules, path), path


def test_the_image_installs_the_same_wheel(rules: list[str], wheel: Path, tmp_path: Path) -> None:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    paths = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in filter(None, paths):
        if sent(rules, name) and (ROOT / name).is_file():
            (tmp_path / "context" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / "context" / name)
    with zipfile.ZipFile(wheel) as here, zipfile.ZipFile(built(tmp_path / "context", tmp_path)) as there:
        ours = {name for name in here.namelist() if not Path(name).name.startswith(".")}
        assert set(there.namelist()) == ours


def test_its_top_level_is_two_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        top = {name.split("/")[0] for name in content.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"agent", "plugins"}


def test_templates_tables_and_settings_are_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        names = set(content.namelist())
    wanted = {
        "agent/appsettings.json",
        "agent/templates/help/settings.md",
        "agent/templates/replies/questions.toml",
        "agent/templates/terraform/databricks/main.tf.j2",
        "plugins/catalogue/vm_prices.csv",
        "plugins/deploy/sandbox/schemas/azurerm.json",
        "plugins/parse/vocabulary/environments.toml",
    }
    assert wanted <= names


def test_it_runs_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Unpacked somewhere else, before anything of the checkout is on the path."""
    with zipfile.ZipFile(wheel) as content:
        content.extractall(tmp_path / "site")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "BRICKIE_HOME": str(tmp_path / "home")}
    run = subprocess.run(
        [sys.executable, "-m", "agent", "parse", "--jsonl"],
        input='{"id": 1, "text": "Databricks for the ML team in dev"}\n',
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["requests"][0]["team"] == "ml"


def test_nobody_else_installs_packages_of_these_names() -> None:
    owners = packages_distributions()
    assert set(owners.get("agent", ["brickie"])) == {"brickie"}
    assert set(owners.get("plugins", ["brickie"])) == {"brickie"}
