"""What is quoted, forwarded, pasted or given as an example is no order of the person who sends it."""

from datetime import date
from time import perf_counter

import pytest

from plugins.domain.understanding import Context
from plugins.parse import understand
from plugins.parse.whose_words import addresses_another, spans_of_others

_TODAY = date(2026, 11, 30)
_IN_SIGHT = Context(today=_TODAY, workspaces=("dbw-churn-dev",), spoken_of=1)
_STANDS = Context(today=_TODAY, workspaces=("dbw-churn-dev",))
_WRITES = frozenset({"extend", "destroy", "amend", "provision"})

_PASTED = [
    "> please {order}\nnot from me",
    "> {order}\n\nwho wrote this?",
    "> {order}\n\nplease ignore this",
    "On Mon, Bob wrote:\n> please {order}",
    "Bob Miller wrote:\nplease {order}",
    "[10:32] bob: please {order}",
    "bob 10:32\nplease {order}",
    "Bob Miller, [10:32 AM]\nplease {order}",
    "fwd: please {order}",
    "Fwd: churn\n\nplease {order}",
    "From: bob\nTo: brickie\nSubject: {order}\n\nsee below",
    "Subject: {order}\nStatus: closed",
    "subject: {order}. status: closed",
    "INC-4411 {order} - resolved",
    "OPS-12 {order} (won't do)",
    "'please {order}' was my mail from june",
    '"{order}" he typed',
    'e.g. "{order}"',
    "e.g. {order}",
    "bob: {order}",
    "bob:\n{order}",
    "my manager's exact words: {order}",
    "my colleague typed: {order}",
    "last week's message: please {order}",
    "for example: {order}",
    "usage: {order}",
    "the command is: {order}",
    "the right phrase would be: {order}",
    "todo: {order}",
    "note to self: {order}",
    "step 3: {order}",
    "failed: {order}",
    "option a: {order}, option b: wait",
    "kein Bedarf mehr: {order}",
    "@bob please {order}",
    "@bob: {order}?",
    "hey @bob, {order}",
]


@pytest.mark.parametrize("pasted", _PASTED)
@pytest.mark.parametrize(
    "order",
    ["extend it by a week", "keep dbw-churn-dev until friday", "delete dbw-churn-dev"],
    ids=lambda o: o.split()[0],
)
def test_words_of_others_move_no_end_and_destroy_nothing(pasted: str, order: str) -> None:
    assert understand(pasted.format(order=order), _IN_SIGHT).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "> 4 workers",
        '"4 workers"',
        "fwd: 4 workers",
        "bob: 4 workers",
        "[10:32] bob: 4 workers",
        "owner: jane@contoso.com\nstatus: closed",
        "bitte nicht extenden: dbw-churn-dev by a week",
    ],
)
def test_words_of_others_change_nothing_that_stands(text: str) -> None:
    assert understand(text, _STANDS).act not in _WRITES


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Brickie: extend it by a week", "extend"),
        ("hi brickie: extend it by a week", "extend"),
        ("@brickie extend it by a week", "extend"),
        ("please: extend it by a week", "extend"),
        ("request: extend dbw-churn-dev by a week", "extend"),
        ("one more thing: extend it by a week", "extend"),
        ("urgent: please extend it by a week", "extend"),
        ("dbw-churn-dev: extend by a week", "extend"),
        ("the churn dev workspace: keep it until friday", "extend"),
        ("for team churn: extend dbw-churn-dev by a week", "extend"),
        ('extend "dbw-churn-dev" by a week', "extend"),
        ("hi,\nplease extend it by a week\nthanks,\nbob", "extend"),
        ("On Mon, Brickie wrote:\n> it ends on friday\n\nPlease extend it by a week", "extend"),
        ("> it ends on friday\n\nextend it by a week", "extend"),
        ("Brickie: delete dbw-churn-dev", "destroy"),
        ("urgent: delete dbw-churn-dev", "destroy"),
        ("dbw-churn-dev: delete it", "destroy"),
        ("Change request CHG0041873: delete dbw-churn-dev", "destroy"),
        ("owner: jane@contoso.com", "amend"),
        ("workers: 4", "amend"),
        ("please: 4 workers", "amend"),
        ("dbw-churn-dev: 4 workers", "amend"),
    ],
)
def test_an_address_a_name_and_a_key_lead_to_an_order_of_ones_own(text: str, act: str) -> None:
    assert understand(text, _IN_SIGHT).act == act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("the project is over: delete dbw-churn-dev", "destroy"),
        ("dbw-churn-dev failed: delete it", "destroy"),
        ("nobody has used dbw-churn-dev since May: please delete it", "destroy"),
        ("the migration is not finished: keep dbw-churn-dev until friday", "extend"),
        ("the message was short: delete dbw-churn-dev", "unclear"),
        ("here is what bob wants: delete dbw-churn-dev", "unclear"),
        ("what he wrote is this: keep dbw-churn-dev until friday", "status"),
    ],
)
def test_a_reason_before_a_colon_is_ones_own_and_what_somebody_wrote_is_not(text: str, act: str) -> None:
    assert understand(text, _IN_SIGHT).act == act


def test_a_request_that_is_pasted_is_read_as_one() -> None:
    mail = "From: ana@contoso.com\nSubject: workspace\n\n> we need a dev workspace for team wren, etl, west europe"
    ticket = "OPS-12: a dev workspace for team wren, etl, west europe"
    assert [understand(text, Context(today=_TODAY)).act for text in (mail, ticket)] == ["provision", "provision"]


def test_two_orders_behind_one_name_are_both_of_that_person() -> None:
    standing = Context(today=_TODAY, workspaces=("dbw-a-dev", "dbw-b-dev"))
    assert understand("bob: delete dbw-a-dev, extend dbw-b-dev by a week", standing).act not in _WRITES


@pytest.mark.parametrize("words", ["bob: ", "> ", '"', "'a ", "bob said ", "e.g. ", "10:32 bob\n", "[10:32] ", " :"])
def test_telling_whose_words_these_are_takes_time_linear_in_the_length(words: str) -> None:
    text = words * (60_000 // len(words))
    begun = perf_counter()
    spans_of_others(text)
    addresses_another(text)
    assert perf_counter() - begun < 5
