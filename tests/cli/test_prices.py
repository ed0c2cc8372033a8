"""`brickie prices`, as a script runs it, against the double that `brickie sandbox prices` serves over HTTPS."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.__main__ import main

pytestmark = pytest.mark.integration

SHOW = ("prices", "show", "d4ds_v5", "--region", "West Europe", "--json")


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The double in a process of its own: its address, and the file of its certificate."""
    command = [sys.executable, "-m", "agent", "sandbox", "prices"]
    home = {**os.environ, "BRICKIE_HOME": str(tmp_path_factory.mktemp("double"))}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=home) as process:
        assert process.stderr is not None
        told = re.search(r"(https://\S+), for Pricing__ApiUrl; SSL_CERT_FILE=(\S+)\.", process.stderr.readline())
        assert told is not None
        yield told[1], told[2]
        process.terminate()


@pytest.fixture
def served(double: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment points at the double as its line says."""
    monkeypatch.setenv("Pricing__ApiUrl", double[0])
    monkeypatch.setenv("SSL_CERT_FILE", double[1])
    return double[0]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, the rows on standard output, and standard error."""
    code = main(arguments)
    captured = capsys.readouterr()
    return code, [json.loads(line) for line in captured.out.splitlines()], captured.err


def test_a_size_is_shown_by_every_source_side_by_side(served: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows, _ = run(capsys, *SHOW)
    prices = [(row["source"], row["unit_price"], row["currency"]) for row in rows]
    assert (code, prices) == (0, [("live", 0.272, "USD"), ("bundled", 0.272, "USD")])
    assert rows[1]["as_of"] == "2026-06-18"
    assert served


def test_a_refresh_says_what_it_changed(served: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows, _ = run(capsys, "prices", "refresh", "--region", "westeurope", "--json")
    assert (code, rows[0]["region"], rows[0]["ended"]) == (0, "westeurope", 0)
    assert rows[0]["figures"] == rows[0]["changed"] > 200
    code, rows, _ = run(capsys, "prices", "refresh", "--json")
    assert code == 0
    assert [row["region"] for row in rows] == ["eastus", "westeurope"]
    assert rows[1]["changed"] == 0
    assert served


def test_nobody_there_is_one_line_and_the_figures_of_before_stay(
    served: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, *SHOW)
    monkeypatch.setenv("Pricing__ApiUrl", "https://127.0.0.1:9")
    monkeypatch.setattr("plugins.retail_prices.client.LONGEST_PAUSE", 0.01)
    code, rows, told = run(capsys, "prices", "refresh", "--region", "westeurope", "--json")
    assert (code, rows) == (1, [])
    assert "westeurope in USD was not read: the price list cannot be reached." in told
    _, rows, _ = run(capsys, *SHOW)
    assert rows[0]["unit_price"] == 0.272
    assert rows[0]["note"] == "could not be read last time: the price list cannot be reached"
    assert served


def test_in_the_sandbox_nothing_is_asked_and_the_table_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code, rows, _ = run(capsys, *SHOW)
    assert (code, rows[0]["unit_price"], rows[1]["unit_price"]) == (0, None, 0.272)
    code, _, told = run(capsys, "prices", "refresh")
    assert code == 2
    assert "no list is asked here. Set Pricing__Source=live" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "d4dz_v5", "--region", "eastus"), "“d4dz_v5” is no size that the tables know."),
        (("show", "d4ds_v5", "--region", "atlantis"), "“atlantis” is no Azure region."),
    ],
)
def test_what_there_is_not_is_said(arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "prices", *arguments)
    assert code == 2
    assert told in said


def test_a_wrong_address_is_said_before_anything_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("Pricing__ApiUrl", "http://prices.contoso.com")
    code, _, said = run(capsys, *SHOW)
    assert code == 2
    assert "is no address of a price list" in said
    assert not (Path(os.environ["BRICKIE_HOME"]) / "brickie.db").exists()
