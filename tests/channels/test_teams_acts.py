"""What people do besides yes and no, over real activities: stopping, handing over, asking for a change, linking."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from teams_served import ANA, BEN, INES, ZOE, TeamsServed, brickie_with_teams, verbs

pytestmark = pytest.mark.integration

APPROVERS = "19:approvers@thread.tacv2"
DEV = "Databricks for the ML team in dev"
PROD = "production workspace for the ledger team, etl, west europe, private link, 2 to 4"
WORD = "application/vnd.microsoft.activity.message"


@pytest.fixture
async def brickie(tmp_path: Path) -> AsyncIterator[TeamsServed]:
    async with brickie_with_teams(tmp_path / "home", {"ApprovalsConversation": APPROVERS}) as served:
        yield served


def whole(call: Any) -> str:
    return json.dumps(call.body, ensure_ascii=False)


async def test_stop_ends_what_has_not_begun_and_says_what_stands(brickie: TeamsServed) -> None:
    brickie.terraform.hold()
    await brickie.say(DEV)
    await brickie.press(await brickie.seen("A new workspace: dev"), "confirm")
    running = await brickie.seen("Under way")
    assert verbs(running.card) == {"stop"}
    # Whoever may not stop it hears so, alone, and it goes on.
    refused = await brickie.press(running, "stop", by=ZOE)
    assert (refused["type"], refused["value"]) == (
        WORD,
        "That work was ordered by somebody else: only they or an approver can stop it.",
    )
    await brickie.press(running, "stop")
    await brickie.seen("I stop it cleanly now")
    stands = await brickie.seen("What this run had created in dbw-ml-dev", seconds=30)
    assert "azurerm_" in whole(stands)
    await brickie.seen("✗ dbw-ml-dev: rolled back")
    over = await brickie.seen("Ended")
    assert (over.message_id, verbs(over.card)) == (running.message_id, set())
    assert len(brickie.terraform.applied) == 1


async def test_an_approver_stops_what_somebody_else_ordered(brickie: TeamsServed) -> None:
    brickie.terraform.hold()
    await brickie.say(DEV)
    await brickie.press(await brickie.seen("A new workspace: dev"), "confirm")
    running = await brickie.seen("Under way")
    await brickie.press(running, "stop", by=INES)
    await brickie.seen("I stop it cleanly now", at="a:29:ana")


async def test_a_plan_is_handed_over_to_another_who_may_decide_it(brickie: TeamsServed) -> None:
    await brickie.say("hello", by=BEN)
    await brickie.say(PROD)
    asked = await brickie.seen("Ana asks for your decision", at=APPROVERS)
    # Four eyes again: the asker is nobody to hand it to, and whoever may not decide hands nothing over.
    own = await brickie.press(asked, "hand_over", by=INES, person="object-ana")
    assert own["value"] == "Ana may not decide that plan, so it was not handed over. Choose somebody else."
    stranger = await brickie.press(asked, "hand_over", by=ZOE, person="object-ben")
    assert stranger["value"] == "Only somebody who may decide that plan can hand it over."
    handed = await brickie.press(asked, "hand_over", by=INES, person="object-ben")
    assert handed["value"] == "Handed over to Ben: they are asked in person. You may still decide it."
    in_person = await brickie.seen("Ana asks for your decision", at="personal-29:ben")
    assert "Ines handed it over to Ben." in whole(in_person)
    await brickie.press(in_person, "confirm", by=BEN)
    await brickie.seen("✓ dbw-ledger-prod")
    await brickie.seen("Approved by Ben", at=APPROVERS)


async def test_an_approver_asks_for_a_change_and_the_asker_makes_it(brickie: TeamsServed) -> None:
    await brickie.say(PROD)
    asked = await brickie.seen("Ana asks for your decision", at=APPROVERS)
    await brickie.press(asked, "change", by=INES, change="at most 3 workers, please")
    told = await brickie.seen("at most 3 workers, please", at="a:29:ana")
    assert "Ines" in whole(told)
    assert "at most 3 workers, please" in whole(await brickie.seen("at most 3 workers", at=APPROVERS))
    assert not brickie.terraform.applied
    await brickie.say("2 to 3 workers")
    replaced = await brickie.seen("Replaced by a newer plan", at=APPROVERS)
    assert (replaced.message_id, verbs(replaced.card)) == (asked.message_id, set())
    again = await brickie.seen("2 to 3", at=APPROVERS)
    assert again.message_id != asked.message_id
    nothing = await brickie.press(again, "change", by=INES)
    assert nothing["type"] == WORD


async def test_link_gives_a_private_address_once(brickie: TeamsServed) -> None:
    await brickie.post(brickie.sender.in_channel("link", by=ANA))
    offered = await brickie.seen("/link/")
    assert offered.act == "targeted"
    address = re.search(r"http\S+/link/[\w-]+", whole(offered))
    assert address is not None
    # The page of this very address names both, and asks before it binds.
    path = address[0].split("/link/", 1)[1]
    jar = aiohttp.CookieJar(unsafe=True)  # an address by number
    async with aiohttp.ClientSession(cookie_jar=jar) as visitor, visitor.get(f"{brickie.url}/link/{path}") as page:
        assert (page.status, "On Microsoft Teams: Ana (object-ana)" in await page.text()) == (200, True)
