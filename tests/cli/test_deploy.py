"""`brickie deploy TEXT`, and what is nearly a command."""

import os

import forked
import pytest

from agent.__main__ import main

pytestmark = pytest.mark.integration


def deploy(text: str) -> tuple[int, str, str]:
    """In a process of its own: an app leaves its locks to the end of its process."""
    return forked.run("deploy", text, env=os.environ)


def test_in_a_pipe_what_is_open_is_said_and_nothing_is_planned() -> None:
    assert deploy("databricks for the fern team, etl") == (
        1,
        "",
        "brickie: Which environment: development, staging or production?\n",
    )


def test_a_yes_is_no_request() -> None:
    code, out, told = deploy("yes")
    assert (code, out) == (1, "")
    assert "nothing waits for a decision" in told


@pytest.mark.parametrize(
    ("arguments", "near"),
    [(["dploy", "x"], "deploy"), (["lsit"], "list"), (["list", "--sort", "expiri"], "expiry")],
)
def test_what_is_nearly_a_word_is_told_the_word(
    capsys: pytest.CaptureFixture[str], arguments: list[str], near: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f"Did you mean “{near}”?\n")
