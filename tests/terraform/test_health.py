"""Whether a workspace works, asked of the cloud: after its apply, and when somebody asks."""

import re
from typing import Any

import pytest
from conversing import Talk, result_in

from agent.events import Event, Message

pytestmark = [pytest.mark.terraform, pytest.mark.usefixtures("providers_here")]
WORKS = "Its address answers. Its cluster is running."
STOCKOUT = {"code": "CLOUD_PROVIDER_RESOURCE_STOCKOUT", "type": "CLOUD_FAILURE"}


def told(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Message))


def altered(talk: Talk, type_name: str, **state: Any) -> None:
    """Somebody else, or Azure itself, made that of it."""
    (found,) = talk.cloud.resources(type_name)
    talk.cloud.change(found.key, {**found.state, **state})


async def test_the_cloud_says_whether_what_was_applied_works(talk: Talk) -> None:
    await talk.say("dev workspace dbw-heron-dev for team heron, etl, 1 to 2 workers")
    applied = await talk.say("yes")
    assert result_in(applied).status == "succeeded"
    assert f"**dbw-heron-dev** works. {WORKS}" in told(applied)

    asked = told(await talk.say("is dbw-heron-dev healthy?"))
    assert re.search(rf"dbw-heron-dev.*deployed.*I have just asked the cloud: it works\. {WORKS}", asked, re.DOTALL), (
        asked
    )

    altered(talk, "databricks_cluster", state="TERMINATED", termination_reason=STOCKOUT)
    asked = told(await talk.say("is dbw-heron-dev healthy?"))
    assert "it does **not** work. Its address answers. Azure has no machines of that size free" in asked

    altered(talk, "azurerm_databricks_workspace", workspace_url="adb-1.1.azuredatabricks.net")
    asked = told(await talk.say("how is dbw-heron-dev?"))
    assert re.search(r"deployed.*it does \*\*not\*\* work\. Its address does not answer\.", asked, re.DOTALL), asked
