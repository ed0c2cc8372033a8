"""The workspaces of whoever asks, of one environment or of all."""

from dataclasses import replace
from datetime import date

from one_turn import FERN, INES, MINT, TOM, OneTurn, tables, text

from agent.dialogue.steps import ListDeployed
from agent.turn.actions.workspace_list import list_deployed
from plugins.domain.plan import Target
from plugins.domain.portfolio import Selection

ROW = ("dbw-mint-dev", "deployed", "dev", "Rita", "eastus", "232.20 USD", "never", "mint")
ELSEWHERE = ("dbw-fern-dev", "being deployed", "dev", "fern@contoso.com", "eastus", "nothing", "2026-12-24", "fern")


def stand(turn: OneTurn) -> None:
    """One of Rita's here, and one of hers from elsewhere that somebody else owns."""
    turn.deployed(MINT)
    request = FERN.model_copy(update={"owner": "fern@contoso.com"})
    turn.deployed(request, "dep_fern", status="applying", conversation="other", expires_on=date(2026, 12, 24))


def test_her_own_are_listed_with_what_they_cost_and_when_they_end(turn: OneTurn) -> None:
    stand(turn)
    ((title, rows),) = tables(list_deployed(turn.context(), ListDeployed(Selection())))
    assert (title, set(rows)) == ("Workspaces in the sandbox cloud: 2 workspaces, 232.20 USD a month", {ROW, ELSEWHERE})


def test_outside_of_the_sandbox_it_says_nothing_of_one(turn: OneTurn) -> None:
    stand(turn)
    context = turn.context()
    real = replace(context, settings=replace(context.settings, target=Target(mode="azure")))
    assert [title for title, _ in tables(list_deployed(real, ListDeployed(Selection(environments=("dev",)))))] == [
        "Workspaces (dev): 2 workspaces, 232.20 USD a month"
    ]


def test_others_see_what_was_asked_for_here_and_an_approver_everything(turn: OneTurn) -> None:
    stand(turn)
    assert [rows for _, rows in tables(list_deployed(turn.context(by=TOM), ListDeployed(Selection())))] == [(ROW,)]
    ((_, rows),) = tables(list_deployed(turn.context(by=INES), ListDeployed(Selection())))
    assert len(rows) == 2


def test_where_there_are_none_it_is_said(turn: OneTurn) -> None:
    stand(turn)
    assert (
        text(list_deployed(turn.context(), ListDeployed(Selection(environments=("prod",)))))
        == "None of your workspaces is that: prod. “List my workspaces” shows them all."
    )
