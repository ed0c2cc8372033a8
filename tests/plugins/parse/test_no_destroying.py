"""What speaks of a destruction and orders none destroys nothing; the order beside it goes on being one."""

from datetime import date

import pytest

from plugins.domain.understanding import Context
from plugins.parse import understand
from plugins.parse.no_destroying import is_no_order, is_only_stated
from plugins.parse.phrases import each

CONTEXT = Context(today=date(2026, 11, 30), workspaces=("dbw-churn-dev",), spoken_of=1)


@pytest.mark.parametrize(
    "text",
    [
        "over my dead body will you delete dbw-churn-dev",
        "like hell you'll delete dbw-churn-dev",
        "god forbid you delete dbw-churn-dev",
        "the last thing we want is to delete dbw-churn-dev",
        "delete dbw-churn-dev? over my dead body",
        "delete dbw-churn-dev? dream on",
        "delete dbw-churn-dev, as if",
        "delete dbw-churn-dev, yeah right",
        "delete dbw-churn-dev and you're fired",
        "delete dbw-churn-dev and we lose everything",
        "you delete dbw-churn-dev and i'll scream",
        "extend it by a week and i'll kill you",
        "delete dbw-churn-dev? thoughts?",
        "delete dbw-churn-dev? anyone?",
        "delete dbw-churn-dev, any objections?",
        "delete dbw-churn-dev, y/n?",
        "dbw-churn-dev is no longer needed?",
        "dbw-churn-dev is no longer needed by team wren",
        "OPS-12 delete dbw-churn-dev (won't do)",
        "DELETE dbw-churn-dev returned 403",
        "delete dbw-churn-dev: forbidden",
        "failed: delete dbw-churn-dev",
        "permission to delete dbw-churn-dev denied",
        "thanks for deleting dbw-churn-dev",
        "thank you so much for deleting dbw-churn-dev",
        "too bad we have to delete dbw-churn-dev",
        "great that we can delete dbw-churn-dev",
        "undo delete dbw-churn-dev",
        "undo the deletion of dbw-churn-dev",
    ],
)
def test_what_orders_no_destruction_changes_nothing(text: str) -> None:
    assert understand(text, CONTEXT).act in ("unclear", "status", "explain")


@pytest.mark.parametrize(
    "text",
    [
        "delete dbw-churn-dev",
        "delete dbw-churn-dev?",
        "thanks, please delete dbw-churn-dev",
        "delete dbw-churn-dev and thanks for the help",
        "over my dead body do we pay for it, so delete dbw-churn-dev",
        "the last thing we want is more cost, please delete dbw-churn-dev",
        "delete dbw-churn-dev, as if it had never been",
        "delete dbw-churn-dev? yes, sure",
        "delete dbw-churn-dev and we are done",
        "delete dbw-churn-dev or you're fired",
        "please delete dbw-churn-dev. any objections?",
        "dbw-churn-dev is no longer needed",
        "dbw-churn-dev is no longer needed by us",
        "dbw-churn-dev is no longer needed by anyone",
        "dbw-churn-dev is no longer needed by team wren, please delete it",
        "dbw-churn-dev failed: delete it",
        "the deployment failed, delete dbw-churn-dev",
        "too bad, but please delete dbw-churn-dev",
    ],
)
def test_the_order_beside_it_is_one(text: str) -> None:
    understood = understand(text, CONTEXT)
    assert understood.act == "destroy"
    assert [request.workspace_name for request in understood.requests] == ["dbw-churn-dev"]


@pytest.mark.parametrize(
    "words",
    ["thanks a lot for deleting ", "great that we delete ", "undo the that my delete ", "you delete it and i'll quit "],
)
def test_each_of_many_phrases_is_looked_at_by_itself(words: str) -> None:
    text = (words * 60_000)[:60_000]
    found = [match for match in each("destroy", text) if match.end() < len(text) - len(words)]
    assert found
    assert all(is_no_order(text, match) and not is_only_stated(text, match) for match in found)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("please destroy dbw-churn-dev, the project is cancelled", "destroy"),
        ("delete dbw-churn-dev because the project was cancelled", "destroy"),
        ("i meant destroy dbw-churn-dev", "destroy"),
        ("i meant to delete dbw-churn-dev", "unclear"),
        ("delete dbw-churn-dev was rejected", "unclear"),
        ("delete dbw-churn-dev, that request was cancelled", "unclear"),
    ],
)
def test_what_is_cancelled_is_the_reason_or_the_order_itself(text: str, act: str) -> None:
    assert understand(text, CONTEXT).act == act
