"""Whoever was told a sentence finds by it the file that decided it, without reading others."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.wording import _NEXT  # pyright: ignore[reportPrivateUsage] - held against the page's own

ROOT = Path(__file__).parents[2]

SAID = {
    "This plan is for production, so it needs somebody with the role approver.": "agent/approvals.py",
    "Nothing would change: dbw-ml-dev is as you ask already.": "agent/deployment/publish.py",
    "dbw-risk-dev now expires on 2026-12-04 (Friday). Its resources are unchanged.": "plugins/parse/upon.py",
    "No price is known for Standard_D4zz_v9; the total is a lower bound.": "plugins/check/rules.py",
    "Guests and people of other organisations are not served here": "agent/channels/slack/people.py",
    "A plan of yours waits: to create **dbw-ml-dev**": "agent/views/open_matters.py",
    "Say where instead: “retry in westeurope”.": "agent/wording.py",
    "That plan was replaced, since the request changed.": "agent/channels/messaging/board.py",
}


def decided(said: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / ".ci" / "decided.py"), said]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.integration
@pytest.mark.parametrize(("said", "path"), SAID.items())
def test_a_sentence_leads_to_the_file_that_decided_it(said: str, path: str) -> None:
    told = decided(said)
    assert told.returncode == 0, told.stderr
    first = re.split(r"\n(?! )", told.stdout)[0]
    assert path in first, told.stdout


@pytest.mark.integration
def test_words_that_nobody_keeps_are_said_to_be_none() -> None:
    told = decided("xyzzy plugh")
    assert (told.returncode, told.stdout.count("\n")) == (1, 1)


def test_the_page_offers_after_a_failure_what_the_words_offer() -> None:
    source = (ROOT / "agent/channels/web_client/src/cards/run.js").read_text("utf-8")
    listed = dict(re.findall(r"const (ELSEWHERE|OTHERWISE) = (\[.*?\]);", source))
    places, sizes = (set(re.findall(r'"(\w+)"', listed[name])) for name in ("ELSEWHERE", "OTHERWISE"))
    assert places == {kind for kind, offer in _NEXT.items() if offer in ("elsewhere", "region")}
    assert sizes == {kind for kind, offer in _NEXT.items() if offer in ("elsewhere", "size")}
