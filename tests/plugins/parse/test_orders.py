"""A message that orders several things is read order by order; whatever is one wish stays one."""

from datetime import date

import pytest

from plugins.domain.understanding import Context
from plugins.parse import understand
from plugins.parse.orders import orders_in

CONTEXT = Context(today=date(2026, 11, 30), workspaces=("dbw-c-dev", "dbw-a-dev", "dbw-b-dev"))


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("destroy dbw-a-dev and extend dbw-b-dev by a week", ["destroy dbw-a-dev", "extend dbw-b-dev by a week"]),
        ("extend dbw-b-dev by a week, then destroy dbw-a-dev", ["extend dbw-b-dev by a week", "destroy dbw-a-dev"]),
        ("use 4 workers on dbw-b-dev and destroy dbw-a-dev", ["use 4 workers on dbw-b-dev", "destroy dbw-a-dev"]),
        ("turn off photon on dbw-a-dev, and delete dbw-c-dev", ["turn off photon on dbw-a-dev", "delete dbw-c-dev"]),
        ("export dbw-a-dev; kill dbw-b-dev", ["export dbw-a-dev", "kill dbw-b-dev"]),
        ("list all and export dbw-c-dev", ["list all", "export dbw-c-dev"]),
        ("show me the costs and destroy dbw-a-dev", ["show me the costs", "destroy dbw-a-dev"]),
        (
            "what does dbw-a-dev cost and when does it expire?",
            ["what does dbw-a-dev cost", "when does dbw-a-dev expire?"],
        ),
        (
            "double the workers of dbw-a-dev and extend it by a week",
            ["double the workers of dbw-a-dev", "extend dbw-a-dev by a week"],
        ),
        (
            "delete dbw-a-dev on friday and extend dbw-b-dev by a week",
            ["delete dbw-a-dev on friday", "extend dbw-b-dev by a week"],
        ),
        (
            "destroy dbw-a-dev. Also give me Databricks for the fern team in dev for etl",
            ["destroy dbw-a-dev", "give me Databricks for the fern team in dev for etl"],
        ),
        (
            "please destroy all dev of team risk and extend all staging by a week",
            ["destroy all dev of team risk", "extend all staging by a week"],
        ),
        ("don't destroy dbw-a-dev, extend it by a week", ["extend dbw-a-dev by a week"]),
    ],
)
def test_each_order_is_read_by_itself(text: str, orders: list[str]) -> None:
    assert [list(texts) for texts in orders_in(text, CONTEXT).taken] == [[order] for order in orders]
    assert orders_in(text, CONTEXT).left == ()


@pytest.mark.parametrize(
    "text",
    [
        "destroy dbw-a-dev, dbw-b-dev and dbw-c-dev",
        "delete dbw-a-dev and destroy dbw-b-dev",
        "extend dbw-a-dev by a week and dbw-b-dev by two weeks",
        "Databricks for the ML team in dev, and what would it cost?",
        "change dbw-a-dev to 4 workers and tell me what it costs",
        "Create a dev workspace for team fern and tag it project=apollo and use 4 workers",
        "add 2 workers to dbw-a-dev and add a tag project=x",
        "when does dbw-a-dev expire and who owns dbw-b-dev?",
        "destroy dbw-a-dev instead of dbw-b-dev",
        "destroy everything except dbw-a-dev and dbw-b-dev",
        "destroy dbw-a-dev when you can",
        "we need 4 workers for prod and 2 for dev",
    ],
)
def test_what_is_one_wish_stays_one(text: str) -> None:
    assert orders_in(text, CONTEXT).taken == ((text,),)


@pytest.mark.parametrize(
    ("text", "destroyed", "left"),
    [
        ("destroy dbw-a-dev and keep dbw-b-dev", ["dbw-a-dev"], ("keep dbw-b-dev",)),
        ("destroy dbw-a-dev once dbw-b-dev is up", ["dbw-a-dev"], ("once dbw-b-dev is up",)),
        ("destroy dbw-a-dev instead of dbw-b-dev", ["dbw-a-dev"], ()),
    ],
)
def test_no_more_is_destroyed_than_was_said(text: str, destroyed: list[str], left: tuple[str, ...]) -> None:
    understood = understand(text, CONTEXT)
    assert (understood.act, [request.workspace_name for request in understood.requests]) == ("destroy", destroyed)
    assert orders_in(text, CONTEXT).left == left


def test_what_waits_for_something_is_no_order() -> None:
    orders = orders_in("extend dbw-a-dev by a week before we destroy dbw-b-dev", CONTEXT)
    assert orders.taken == (("extend dbw-a-dev by a week",),)
    assert orders.left == ("before we destroy dbw-b-dev",)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("use 4 workers on dbw-a-dev and 3 on dbw-b-dev", [("dbw-a-dev", 4, None), ("dbw-b-dev", 3, None)]),
        (
            "use 4 workers on dbw-a-dev and turn off photon on dbw-b-dev",
            [("dbw-a-dev", 4, None), ("dbw-b-dev", None, False)],
        ),
        (
            "use a single node on dbw-a-dev, 2 workers on dbw-b-dev",
            [("dbw-a-dev", 0, None), ("dbw-b-dev", 2, None)],
        ),
    ],
)
def test_changes_of_several_keep_their_own_values(text: str, wanted: list[tuple[str, int | None, bool | None]]) -> None:
    understood = understand(text, CONTEXT)
    assert understood.act == "amend"
    assert [(one.workspace_name, one.max_workers, one.photon) for one in understood.requests] == wanted


def test_read_as_one_message_the_first_that_needs_a_plan_is_meant_and_the_others_are_unused() -> None:
    """What `brickie parse` shows of it, and whoever reads a message without a conversation."""
    understood = understand("extend dbw-b-dev by a week and destroy dbw-a-dev", CONTEXT)
    assert (understood.act, understood.unused) == ("destroy", ("extend dbw-b-dev by a week",))


@pytest.mark.parametrize(
    "text",
    [
        "what happens if we destroy dbw-a-dev and extend dbw-b-dev by a week?",
        "what would happen if I say destroy dbw-a-dev, and extend dbw-b-dev by a week?",
        "how do I destroy dbw-a-dev and extend dbw-b-dev by 7 days?",
        "who asked to destroy dbw-a-dev and extend dbw-b-dev by a week?",
        "what would it cost to keep dbw-a-dev, and extend dbw-b-dev by a week?",
        "what happens if we extend dbw-b-dev by a week?",
        "can you tell me how to extend dbw-b-dev by a week?",
        "should we extend dbw-b-dev by a week?",
        "when did we destroy dbw-a-dev?",
        "what if we destroyed dbw-a-dev",
    ],
)
def test_a_question_orders_nothing(text: str) -> None:
    acts = {understand(" ".join(texts), CONTEXT).act for texts in orders_in(text, CONTEXT).taken}
    assert not acts & {"destroy", "extend", "amend", "provision"}, acts


@pytest.mark.parametrize(
    "text",
    [
        "can you extend dbw-b-dev by a week?",
        "could you please extend dbw-b-dev by a week",
        "is it possible to extend dbw-b-dev by a week?",
        "keep dbw-b-dev for another week, ok?",
    ],
)
def test_a_request_that_is_put_as_a_question_orders(text: str) -> None:
    assert understand(text, CONTEXT).act == "extend"
