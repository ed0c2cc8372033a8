"""The README: its two commands, its pictures, its conversation, its links."""

import doctest
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from agent.brain.double.stand_in import doubled

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "templates" / "help").glob("*.md"))]


def blocks(page: str, kind: str) -> list[str]:
    """The fenced texts of that kind, "" for those of none."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [text for name, text in fenced if name == kind]


def test_its_first_two_commands_set_everything_up() -> None:
    """People and CI copy them: the first does the main job, the second passes the tests."""
    first, second = blocks(README, "bash")[:2]
    assert first == (
        "python3 -m venv .venv && .venv/bin/pip install -q -c .constraints.txt '.[terraform]' && printf '%s\\n'"
        " 'I need Databricks for the ML team in dev' 'why this node type?' 'yes' | .venv/bin/brickie chat\n"
    )
    assert second == (
        "python3 -m venv .venv && .venv/bin/pip install -q -c .constraints.txt -e '.[terraform,dev]' && .ci/check\n"
    )


def test_it_is_read_in_three_minutes() -> None:
    read = re.sub(r"\]\([^)]*\)|<img[^>]*>", "", README)
    assert 600 <= len(re.findall(r"\w[\w'.-]*", read)) <= 800


def test_its_conversation_is_one_that_the_tests_hold() -> None:
    """Ten lines, in the transcript's order; only blank lines and whole turns between them are left out."""
    shown = blocks(README, "")[0].splitlines()
    assert len(shown) == 10
    source = re.search(r"\[a conversation that the tests hold\]\((.*?)\)", README)
    assert source is not None
    lines = iter((ROOT / source[1]).read_text("utf-8").splitlines())
    for line in shown:
        assert line in lines, f"{line!r} does not come next in {source[1]}"


def test_its_pictures_are_there_and_small() -> None:
    pictures = re.findall(r'<img src="(.*?)"[^>]* alt="([^"]{20,})"', README)
    assert len(pictures) == README.count("<img") == 2
    for path, _ in pictures:
        assert 10_000 < (ROOT / path).stat().st_size <= 200_000, path


def test_its_picture_of_a_terminal_loads_nothing_from_elsewhere() -> None:
    svg = (ROOT / ".github" / "terminal.svg").read_text("utf-8")
    assert set(re.findall(r"https?://[^\s\"')]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert "Plan:&#160;new&#160;workspace" in svg


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_it_links_to_is_there(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text("utf-8")):
        assert (page.parent / link).exists(), link


PYTHON = blocks((ROOT / "templates" / "help" / "python.md").read_text("utf-8"), "python")
SHOWN = [
    [r"\d+\.\d\d USD 6 resources", "succeeded sandbox cloud True", r"destroy \d+ resources"],
    [r"dbw-ml-dev Standard_D4ds_v5 trial \w+\.tf", r"succeeded \d+ planned", "create sandbox"],
    ["ml"],
]
"""What each of the manual's pieces prints."""


@pytest.mark.terraform
@pytest.mark.parametrize("piece", range(len(SHOWN)))
def test_the_python_of_the_manual_runs(tmp_path: Path, piece: int) -> None:
    assert len(PYTHON) == len(SHOWN)
    with doubled(os.environ, "faithful") as environment:
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PYTHON[piece]],
            cwd=tmp_path,
            env={**environment},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert len(lines) == len(SHOWN[piece]), run.stdout
    for shown, line in zip(SHOWN[piece], lines, strict=True):
        assert re.fullmatch(shown, line), line


DOORS = ("decision_maker", "intent_parser", "capability")


@pytest.mark.parametrize("door", DOORS)
def test_the_examples_of_the_published_names_run(door: str) -> None:
    ran = doctest.testmod(import_module(f"plugins.databricks.{door}"))
    assert ran.failed == 0
    assert ran.attempted >= 2
