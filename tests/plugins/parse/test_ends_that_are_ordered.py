"""An end is moved at once and without a plan: only an order or a polite wish that stands by itself moves one."""

from datetime import date

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

CONTEXT = Context(today=date(2026, 11, 30), workspaces=("dbw-churn-dev",), spoken_of=1)
COMES_TO_NOTHING = frozenset({"unclear", "explain", "cost", "status", "history", "out_of_scope"})


def heard(text: str) -> Understanding:
    return understand(text, CONTEXT)


@pytest.mark.parametrize(
    "text",
    [
        "it must not stay until 15 january",
        "it can't stay until 15 january",
        "can it not stay until 15 january?",
        "can it not stay until 15 january",
        "can the contractor stay until 20 january?",
        "he said it stays until 23 january, is that so?",
        "it only lasts until 10 december, why?",
        "please check whether it stays until 10 december",
        "the freeze remains until 5 december",
        "the consultant stays until 5 december",
        "nothing stays until 5 december",
        "unless it stays until 15 january we lose the data",
        "the price stays until 15 january",
        "photon stays on until 15 january",
        "you said it stays until 15 january",
        "nobody said dbw-churn-dev stays until 15 january",
        "it stays until friday, right?",
        "i don't want it to stay until 15 january",
    ],
)
def test_what_is_told_denied_or_asked_of_a_stay_moves_no_end(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "don't give it another week",
        "another week is not needed",
        "another week gone and still nothing",
        "another week later it broke",
        "another month costs what?",
        "another month of this and we go broke",
        "give me another week to decide",
        "not another week",
        "can it wait another week?",
        "i need another day to think about it",
        "it took another week",
        "the project needs another week",
        "we needn't keep it another week",
        "there's no reason to keep it another week",
    ],
)
def test_time_that_is_not_given_to_a_workspace_moves_no_end(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "no need to extend dbw-churn-dev by a week",
        "i'm not asking to extend dbw-churn-dev by a week",
        "nobody wants to extend dbw-churn-dev by a week",
        "i don't think we should extend dbw-churn-dev by a week",
        "i don't think, honestly, we should extend dbw-churn-dev by a week",
        "my boss said we should extend dbw-churn-dev by a week",
        "to extend it by a week is not necessary",
        "extend it by a week if the audit fails",
        "if the audit fails, extend it by a week",
        "extend my contract by a week",
        "keep the lights on until friday",
        "he said it expires on friday",
        "the contract expires on friday",
        "it must not end on friday",
        "he said it should never expire",
        "we were going to delete it on friday",
    ],
)
def test_an_extension_or_an_end_that_nobody_orders_is_none(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("can it stay until 15 January?", 46),
        ("could we keep dbw-churn-dev until 15 December? The audit isn't finished.", 15),
        ("it should stay until 15 january", 46),
        ("dbw-churn-dev can stay until march 31, please", 121),
        ("make sure it stays until friday", 4),
        ("let it stay until friday", 4),
        ("keep it until friday", 4),
        ("extend everything by a week", 7),
        ("give it another week", 7),
        ("another week please", 7),
        ("another week for dbw-churn-dev please", 7),
        ("can we have it another week?", 7),
        ("we need it for another month", 30),
        ("it needs 10 more days", 10),
        ("10 more days please", 10),
        ("don't forget to extend it by a week", 7),
        ("why don't we extend it by a week?", 7),
        ("can't we keep it another week?", 7),
        ("could you extend it by a week if possible?", 7),
        ("no, extend it by a week", 7),
        ("the audit isn't finished, extend it by a week", 7),
        ("the release isn't finished and we need it another week", 7),
        ("i don't think we will finish in time, please extend it by a week", 7),
        ("extend it by a week because the release is not finished", 7),
        ("it should end on friday", 4),
        ("delete it on friday", 4),
    ],
)
def test_an_order_and_a_polite_wish_move_the_end(text: str, days: int) -> None:
    understood = heard(text)
    assert (understood.act, [request.expires_in_days for request in understood.requests]) == ("extend", [days])


@pytest.mark.parametrize(
    "text",
    [
        "don't you dare delete dbw-churn-dev",
        "i didn't tell you to delete dbw-churn-dev",
        "we aren't planning to delete dbw-churn-dev",
        "it isn't necessary to delete dbw-churn-dev",
        "nobody asked you to delete dbw-churn-dev",
    ],
)
def test_a_destroy_that_is_denied_destroys_nothing(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "please delete dbw-churn-dev",
        "i want you to delete dbw-churn-dev",
        "we don't use it, delete dbw-churn-dev",
        "it isn't used so please delete dbw-churn-dev",
        "don't hesitate to delete dbw-churn-dev",
        "dbw-churn-dev is no longer needed",
    ],
)
def test_a_destroy_that_is_ordered_destroys(text: str) -> None:
    assert heard(text).act == "destroy"
