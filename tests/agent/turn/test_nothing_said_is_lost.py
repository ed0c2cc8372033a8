"""What was said is shown: which words a value was read from, and which words became nothing. No secret is repeated."""

import io
import json
from dataclasses import replace
from datetime import date

import pytest
from by_hand import GULLS, TERNS, ByHand, means, says
from rich.console import Console

from agent.channels.cards.terminal import render
from agent.events import PlanProposed
from agent.settings import Settings
from agent.views.first_reading import understood_line
from plugins.credentials import hidden
from plugins.domain.understanding import Statement, Understanding

pytestmark = pytest.mark.integration

SOURCES = (("team", "the terns"), ("environment", "sandbox"), ("region", "east us"))
ASKED = Understanding("provision", (Statement(TERNS, sources=SOURCES),), unused=("128gb ram nodes", "the blue one"))


def shown(plan: PlanProposed) -> str:
    console = Console(record=True, width=120, color_system=None, file=io.StringIO())
    console.print(render(plan, whole=True))
    return console.export_text()


async def test_the_reply_and_the_plan_say_what_was_not_used(talk: ByHand) -> None:
    await talk.tell("a sandbox for the terns", ASKED)
    assert talk.text == "Not used: “128gb ram nodes”, “the blue one”."
    assert talk.plan.unused == ("128gb ram nodes", "the blue one")
    assert talk.plan.sources == (dict(SOURCES),)
    card = shown(talk.plan)
    assert "From your words: team “the terns” · environment “sandbox” · region “east us”" in card
    assert "Not used: “128gb ram nodes”, “the blue one”" in card


async def test_a_change_replaces_the_words_of_what_it_changes(talk: ByHand) -> None:
    await talk.tell("a sandbox for the terns", ASKED)
    change = Statement(says(region="westeurope"), sources=(("region", "amsterdam"),))
    await talk.tell("make it amsterdam, purple", Understanding("amend", (change,), unused=("purple",)))
    assert talk.plan.sources == ({"team": "the terns", "environment": "sandbox", "region": "amsterdam"},)
    assert talk.plan.unused == ("128gb ram nodes", "the blue one", "purple")


async def test_another_request_has_its_own(talk: ByHand) -> None:
    await talk.tell("a sandbox for the terns", ASKED)
    await talk.tell("and the gulls", means("provision", GULLS))
    assert (talk.plan.sources, talk.plan.unused) == (({},), ())


async def test_words_do_not_change_what_a_confirmation_is_bound_to(talk: ByHand) -> None:
    await talk.tell("a sandbox for the terns", ASKED)
    kept = await talk.app.database.read(lambda records: records.plan(talk.plan.plan_id))
    assert kept is not None
    assert "sources" not in kept[0].items[0].model_dump()
    assert "unused" not in kept[0].items[0].model_dump()


async def test_a_change_of_a_deployed_workspace_tells_its_words_too(talk: ByHand) -> None:
    await talk.planned(TERNS)
    await talk.tell("yes")
    said = Statement(says(workspace_name="dbw-terns-dev", max_workers=3), sources=(("max_workers", "three"),))
    await talk.tell("three for dbw-terns-dev, purple", Understanding("amend", (said,), unused=("purple",)))
    assert (talk.plan.action, talk.plan.sources, talk.plan.unused) == (
        "change",
        ({"max_workers": "three"},),
        ("purple",),
    )


async def test_a_secret_is_in_neither(talk: ByHand) -> None:
    token = "dapi" + "0123456789abcdef" * 2
    statement = Statement(TERNS, sources=(("team", f"terns {token}"),))
    await talk.tell("…", replace(ASKED, statements=(statement,), unused=(f"password: hunter22 {token}",)))
    told = json.dumps([dict(event.as_json()) for event in talk.last])
    assert (token in told, "hunter22" in told) == (False, False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("the key is ghp_0123456789abcdefABCDEF0123456789abcd", "the key is (hidden)"),
        ("AccountKey=abcDEF123+/abcDEF123==", "(hidden)"),
        ("pw: s3cret!", "(hidden)"),
        ("a token budget of 4 workers", "a token budget of 4 workers"),
        ("dbw-payments-prod in westeurope", "dbw-payments-prod in westeurope"),
    ],
)
def test_what_counts_as_a_secret(text: str, told: str) -> None:
    assert hidden(text) == told


def test_the_command_line_gives_both() -> None:
    line = json.dumps({"id": 1, "text": "dev databricks for team terns, etl"})
    out = json.loads(json.dumps(dict(understood_line(line, Settings(), date(2026, 11, 29)))))
    assert (isinstance(out["unused"], list), len(out["sources"])) == (True, 1)
