"""Microsoft's own client drives Brickie through the whole of it: the Agents Playground, in chromium."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from camera import Camera
from playwright.sync_api import Page
from teams_playground import Playground, PlaygroundPage, missing

from plugins.domain.plan import Person

pytestmark = pytest.mark.browser

INES = {"id": "29:ines", "name": "Ines Roth", "aadObjectId": "object-ines"}
PATIENCE_SECONDS = 120


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    if (why := missing()) is not None:
        pytest.skip(why)
    made = Playground(tmp_path / "home")
    yield made
    made.stop()


@pytest.fixture
def alex(playground: Playground, context: Any) -> PlaygroundPage:
    page: Page = context.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    return PlaygroundPage(page, playground.url)


def from_ines(playground: Playground, **more: Any) -> dict[str, Any]:
    """An activity of a second person in Alex's chat: the Playground has one person alone."""
    chats = playground.run(playground.served.app.read(lambda records: records.personal_chats()))
    reference: Any = chats[0].address["reference"]
    there = {"serviceUrl": reference["serviceUrl"], "recipient": reference["bot"]}
    return playground.served.sender.activity(by=INES, **{**there, "conversation": reference["conversation"], **more})


def approved_by_ines(playground: Playground, **typed: str) -> None:
    """Her press on the button that she sees."""
    tenant = from_ines(playground)["conversation"]["tenantId"]
    person = Person(id="object-ines", name="Ines Roth", roles=("approver",), issuer=f"teams:{tenant}")
    (waiting,) = playground.run(playground.served.chat.plans_waiting_for(person))
    click = {"plan_id": waiting.plan.plan_id, "digest": waiting.plan.digest, "conversation": waiting.plan.conversation}
    content = {"action": "confirm", "click": click, **{f"input.{name}": value for name, value in typed.items()}}
    value = {"action": {"type": "Action.Execute", "verb": "confirm", "data": content}, "trigger": "manual"}
    answer = playground.post(from_ines(playground, type="invoke", name="adaptiveCard/action", value=value))
    assert answer["type"] == "application/vnd.microsoft.card.adaptive", answer


def test_order_amend_approve_and_destroy_in_microsofts_own_client(
    playground: Playground, alex: PlaygroundPage, camera: Camera
) -> None:
    # By a chip, and by one sentence that changes what was proposed.
    alex.say("Databricks for the fern team, notebooks")
    alex.press("Development")
    alex.sees("A new workspace: dev, eastus")
    alex.say("make it westeurope")
    alex.sees("A new workspace: dev, westeurope")
    camera.take(alex.page, "teams-playground-plan")
    alex.press("Approve")
    alex.sees("Approved by Alex Wilber")
    alex.sees("✓ dbw-fern-dev: deployed")
    camera.take(alex.page, "teams-playground-deployed")

    # Production by a second person, and its destroy by the name that they type.
    alex.say("production workspace for the ledger team, etl, west europe, private link, 2 to 4")
    alex.sees("A new workspace: prod, westeurope")
    approved_by_ines(playground)
    alex.sees("Approved by Ines Roth")
    alex.sees("✓ dbw-ledger-prod: deployed")
    alex.say("destroy dbw-ledger-prod")
    alex.sees("DESTROY: everything in it is lost")
    approved_by_ines(playground, value="dbw-ledger-prod")
    alex.sees("✓ dbw-ledger-prod: destroyed")
    camera.take(alex.page, "teams-playground-destroyed")


def test_a_long_message_gets_a_word_and_in_a_group_a_mention_speaks_to_brickie(
    playground: Playground, alex: PlaygroundPage, camera: Camera
) -> None:
    alex.say("x " * 30_001)
    alex.sees("60,001")
    alex.goes_to("Group Chat")
    alex.say("Databricks for the wren team in dev, notebooks")
    alex.mentions("Test Bot", "Databricks for the fern team in dev, notebooks")
    alex.sees("A new workspace: dev, eastus")
    camera.take(alex.page, "teams-playground-group")
    # What was said to the others in the chat is nobody's request.
    plans = playground.run(playground.served.app.read(lambda records: records.waiting()))
    assert [plan.workspaces for plan in plans] == [("dbw-fern-dev",)]
