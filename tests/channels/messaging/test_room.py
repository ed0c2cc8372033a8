"""A conversation in a chat platform, from the sentence to the workspace; taken in once, told once."""

from pathlib import Path

import pytest
from chatting import ANA, Chatting, personal

pytestmark = pytest.mark.integration


async def test_a_sentence_becomes_a_workspace(tmp_path: Path) -> None:
    """The plan is shown with its buttons, one yes applies it, and how it ended is a message of its own."""
    async with Chatting(tmp_path) as chat:
        await chat.write(ANA, "Databricks for the ML team in dev")
        plan = chat.last("ShownPlan")
        assert set(plan.card["buttons"]) >= {"Approve", "Reject"}  # type: ignore[arg-type]
        receipt = await chat.press(ANA, plan.button("Approve"))
        assert receipt.card is not None
        assert "deciding: Ana" in str(receipt.card["text"])
        shown = chat.teams.seen_in(personal(ANA).place.id)
        assert [sent.card["shows"] for sent in shown] == ["ShownPlan", "ShownProgress", "ShownResult"]
        assert "approved by Ana where Microsoft Teams" in shown[0].text
        assert shown[0].card["buttons"] == {}
        assert shown[2].text.strip() == "dbw-ml-dev: succeeded"
