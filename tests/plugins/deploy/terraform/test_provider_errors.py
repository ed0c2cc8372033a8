"""The providers' own sentences, as people met them, and what each of them is told as."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plugins.deploy.sentences import SAYS
from plugins.deploy.terraform.failures import FailureRow, ProviderMessage, failure_of, failure_rows
from plugins.deploy.terraform.quotes import MOST_QUOTED, quoted

MET: list[Mapping[str, Any]] = tomllib.loads(Path(__file__).with_name("provider_errors.toml").read_text("utf-8"))[
    "error"
]
GUID = "0a7d218a-1c62-4113-9660-9fbf629fe279"
PRIVATE = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|https?:|/subscriptions/|\d{10}|\d+\.\d+\.\d+\.\d+|\w@\w|\.azuredatabricks"
)


def diagnostic(met: Mapping[str, Any]) -> dict[str, str]:
    summary, _, detail = str(met["says"]).partition("\n")
    address = {"address": f"{met['type']}.this"} if "type" in met else {}
    return {"severity": "error", "summary": summary, "detail": detail, **address}


@pytest.mark.parametrize("met", MET, ids=lambda met: f"{met['kind']}: {met['says'][:60]}")
def test_a_sentence_is_told_as_what_it_is(met: Mapping[str, Any]) -> None:
    told = failure_of([diagnostic(met)])
    assert (told.kind, told.retryable) == (met["kind"], met.get("retryable", False))
    words = met.get("words", met["kind"])
    assert told.remedy == SAYS(f"failure.{words}.remedy", said="")
    assert not PRIVATE.search(told.text)


def test_there_are_enough_of_them_and_each_says_where_it_was_met() -> None:
    public = [met for met in MET if met["source"].startswith("https://")]
    assert len({met["says"] for met in public}) >= 40
    assert all(met["source"].startswith("https://") or re.search(r"20\d\d-\d\d-\d\d", met["source"]) for met in MET)


def first_row(met: Mapping[str, Any]) -> FailureRow | None:
    address = f"{met['type']}.this" if "type" in met else None
    return next((row for row in failure_rows() if row.fits(ProviderMessage(str(met["says"]), address))), None)


def test_every_row_is_there_for_a_sentence_that_was_met() -> None:
    """A row that no real sentence comes to is a guess."""
    idle = set(failure_rows()) - {first_row(met) for met in MET}
    assert [(row.kind, row.words, sorted(row.codes)) for row in idle] == []


def test_what_a_thing_is_called_is_no_reason() -> None:
    named = 'creating Workspace (Subscription: "s"\nWorkspace Name: "QuotaExceeded"): something new went wrong'
    assert failure_of([{"severity": "error", "summary": named}]).kind == "unknown"


@pytest.mark.parametrize("kind", ["databricks_cluster", "databricks_cluster_policy", "databricks_permissions"])
def test_not_every_cluster_that_is_not_made_lacks_a_quota(kind: str) -> None:
    refused = {
        "severity": "error",
        "summary": "cannot create cluster: the flux is not aligned",
        "address": f"{kind}.this",
    }
    told = failure_of([refused])
    assert (told.kind, told.retryable) == ("unknown", False)
    assert "the flux is not aligned" in told.text
    assert "quota" not in f"{told.text} {told.remedy}"


def test_an_unknown_sentence_is_quoted_without_what_is_nobodys_business() -> None:
    said = (
        f"creating Thing: client '{GUID}' of ana@contoso.com at 10.1.2.3:443 got dapi0123456789abcdef0123456789abcdef"
        f" from https://adb-1234567890123456.7.azuredatabricks.net/api?sig=x about /subscriptions/{GUID}/rg"
        " in /home/ines/.brickie/runs/main.tf \x1b[31mand **stopped** <b>here</b>\u202e"
    )
    told = failure_of([{"severity": "error", "summary": said}])
    assert told.text == (
        "It failed with an error that I do not know. The provider said: “creating Thing: client '(an id)' of (a person)"
        " at (an IP address) got removed: a Databricks token from (an address) about (an Azure id) in (a path)"
        " and stopped bhere/b”"
    )


def test_a_quote_is_short_and_a_secret_is_not_cut_in_two() -> None:
    secret = "dapi" + "0123456789abcdef" * 2
    long = "word " * 790 + "https://a.example/" + "x" * 20 + " " + secret + secret
    assert len(quoted(long)) == MOST_QUOTED
    for length in range(3_900, 4_100):
        assert "dapi0" not in quoted("https://a.example/" + "y" * (length - 19) + " " + secret)


def test_a_silent_end_is_not_called_unknown_words() -> None:
    told = failure_of([], errors="  \n")
    assert (told.kind, told.text) == ("unknown", "Terraform stopped and did not say why.")
