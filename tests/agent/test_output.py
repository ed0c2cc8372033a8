"""What orders a terminal about reaches none, whoever wrote it and whichever command says it back."""

import io
import json
import logging
import os
from pathlib import Path

import forked
import pytest
from rich.markdown import Markdown

from agent.channels.cards.console import Screen
from agent.output import log_plainly, plain, put_json

pytestmark = pytest.mark.integration

ORDERS = "\x1b]0;mine\x07\x1b[31mred\x9b2Jgone\u202egnitirw\u2066iso\x85"
"""An escape sequence, one of C1, bidi marks: a title, a colour, a cleared screen, a reversed line."""


def obeyed(text: str) -> list[str]:
    """The characters of this output that a terminal would obey."""
    return sorted({character for character in text if not character.isprintable()} - {"\n"})


def run(*arguments: str, said: str = "") -> tuple[int, str]:
    """Exit code and both outputs of one command, where nobody watches."""
    code, out, errors = forked.run(*arguments, env=os.environ, said=said, seconds=120)
    return code, out + errors


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("sandbox", "fault", ORDERS), 2),
        (("sandbox", ORDERS), 2),
        ((ORDERS,), 2),
        (("doctor", f"--{ORDERS}"), 2),
        (("deployments", "show", ORDERS), 1),
        (("deployments", "list", "--status", ORDERS), 2),
        (("plan", f"“{ORDERS}” for team {ORDERS}", "--out", "out"), 1),
    ],
)
def test_a_command_says_nothing_back_that_a_terminal_obeys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    ended, said = run(*arguments)
    assert ended == code, said
    assert obeyed(said) == []
    assert said


def test_an_error_of_a_csv_says_its_cell_back_harmlessly(tmp_path: Path) -> None:
    listed = tmp_path / "teams.csv"
    listed.write_text(f"team,environment,workload,{ORDERS}\nalpha,{ORDERS},etl\n", "utf-8")
    code, said = run("deployments", "plan", "--csv", str(listed))
    assert code == 1
    assert "is no environment" in said
    assert obeyed(said) == []


def test_who_speaks_as_somebody_is_told_so_harmlessly() -> None:
    code, said = run("chat", said=f"/as {ORDERS} requester\n{ORDERS}\n")
    assert code == 0
    assert "You speak as" in said
    assert obeyed(said) == []


def test_json_keeps_every_character_and_spells_those_that_are_obeyed() -> None:
    out = io.StringIO()
    put_json({"text": ORDERS + "\ud800 é 👍"}, out)
    assert obeyed(out.getvalue()) == []
    assert out.getvalue().count("\n") == 1
    assert json.loads(out.getvalue())["text"] == ORDERS + "\ud800 é 👍"


def test_json_lines_are_answered_in_json_that_no_terminal_obeys() -> None:
    lines = [r'{"text": "\u001b[31m\u009b\u202e"}', "[" * 100_000, '{"conversation": 5}']
    code, said = run("chat", "--json", said="".join(f"{line}\n" for line in lines))
    assert code == 0
    assert [json.loads(told)["type"] for told in said.splitlines()][-3:] == ["state", "error", "error"]
    assert obeyed(said) == []


@pytest.mark.parametrize("text", ["&#27;[31mred", "[a link](http://x/&#27;&#155;)", "`\x9b2J`", "# \u202etitle"])
def test_markdown_that_makes_such_characters_is_printed_without_them(text: str) -> None:
    out = io.StringIO()
    Screen(file=out, width=80).print(Markdown(text))
    assert obeyed(out.getvalue()) == []


def test_a_log_line_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    log_plainly()
    assert logging.lastResort is not None
    record = logging.LogRecord("agent", logging.WARNING, "", 0, "a turn of %s broke off", (ORDERS,), None)
    assert obeyed(logging.lastResort.format(record)) == []
    monkeypatch.setattr(logging.lastResort, "formatter", None)


def test_lines_and_words_stay() -> None:
    assert plain("one\ntwo three é 👍") == "one\ntwo three é 👍"
