"""`brickie sandbox quota`, `restrict` and `bill`: what is told is kept, and what makes no sense is one clear line."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from agent.__main__ import main
from plugins.resource_manager.double.told import ToldBill, ToldQuota, ToldRestriction, ToldSubscription, told_in

pytestmark = pytest.mark.integration


def told(*arguments: str) -> ToldSubscription:
    assert main(("sandbox", *arguments)) == 0
    return told_in(Path(os.environ["BRICKIE_HOME"]))


def test_a_quota_is_of_a_size_s_family_and_told_again_takes_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    told("quota", "d4ds_v5", "20", "--used", "16", "--region", "East US")
    assert "standardDDSv5Family in eastus has a quota of 20 vCPUs, 16 used: 4 are left." in capsys.readouterr().err
    kept = told("quota", "Standard_D8ds_v5", "40", "--region", "eastus")
    assert kept.quotas == (ToldQuota(region="eastus", row="standardDDSv5Family", limit=40),)
    assert told("quota", "CORES", "10", "--region", "eastus").quotas[1].row == "cores"


def test_restrictions_and_names_are_kept_until_all_of_it_is_forgotten() -> None:
    told("restrict", "d4ds_v5", "--region", "eastus", "--zone", "1")
    kept = told("restrict", "--name", "rg-old")
    assert kept.restricted == (ToldRestriction(size="Standard_D4ds_v5", region="eastus", zones=("1",)),)
    assert (kept.taken, kept.restricts) == (("rg-old",), True)
    told("bill", "24")
    assert told("restrict", "--clear") == ToldSubscription(bill=ToldBill(hours=24))


def test_hours_on_the_bill_add_up() -> None:
    told("bill", "24", "--factor", "1.5")
    assert told("bill", "12.5").bill == ToldBill(hours=36.5, factor=Decimal("1.5"))
    assert told("bill").bill == ToldBill(hours=36.5, factor=Decimal("1.5"))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("quota", "no_such_size", "4", "--region", "eastus"), "is no size that the tables know"),
        (("quota", "d4ds_v5", "4", "--region", "atlantis"), "is no Azure region"),
        (("quota", "d4ds_v5", "-4", "--region", "eastus"), ""),
        (("quota", "d4ds_v5", "four", "--region", "eastus"), "is no amount"),
        (("restrict",), "nothing is named"),
        (("restrict", "no_such_size"), "is no size that the tables know"),
        (("bill", "nan"), "is no amount"),
        (("bill", "-3"), ""),
    ],
)
def test_what_makes_no_sense_is_one_line_and_changes_nothing(
    arguments: tuple[str, ...], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(("sandbox", *arguments))
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    assert problem in capsys.readouterr().err
    assert told_in(Path(os.environ["BRICKIE_HOME"])) == ToldSubscription()


def test_a_real_subscription_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("Cloud__Mode", "azure")
    assert main(("sandbox", "bill", "24")) == 2
    assert "a real subscription is not told anything" in capsys.readouterr().err


def test_a_file_that_is_none_of_ours_is_taken_for_none() -> None:
    home = Path(os.environ["BRICKIE_HOME"])
    (home / "sandbox").mkdir(parents=True)
    (home / "sandbox" / "azure.json").write_text("{", "utf-8")
    assert told_in(home) == ToldSubscription()
