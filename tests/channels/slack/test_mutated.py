"""Payloads with something changed in them: none is a failure of ours, and none decides anything. A sample of what
tests/bench/slack.py does ten thousand times.
"""

import random

import pytest
from slack_mutations import mutated
from slack_rooms import played
from slack_shown import asked_plan, plan

from agent.channels.cards.slack import SlackCards
from agent.channels.slack.double.sending import commanded, message_event, pressed, submitted
from agent.channels.slack.double.workspace import BOT

pytestmark = pytest.mark.integration


async def test_no_change_to_a_payload_is_a_failure_of_ours() -> None:
    async with played() as slack:
        message = {**slack.workspace.said("U0ANA", "C0PLATFORM", f"<@{BOT}> help")}
        card = SlackCards().card(asked_plan(plan("deploy")))
        shown = slack.workspace.answer("chat.postMessage", {"channel": "C0PLATFORM", **card})["message"]
        buttons = [one for block in shown["blocks"] if block["type"] == "actions" for one in block["elements"]]
        view = {"id": "V1", "callback_id": "brickie:amend", "private_metadata": "{}", "hash": "1"}
        good = (
            message_event(message, mentions=True),
            pressed("U0ANA", shown, buttons[0]),
            submitted("U0ANA", view, {"region": "westeurope"}),
            commanded("U0ANA", "C0PLATFORM", "help"),
        )
        chance = random.Random(15)  # noqa: S311 - the same ones each time
        for number in range(400):
            sent = mutated(good[number % len(good)], chance)
            status = await slack.post(sent.body.encode(), slack.sign(sent))
            assert status in (200, 400, 401, 404), sent.payload
