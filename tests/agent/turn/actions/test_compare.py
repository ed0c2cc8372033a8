"""Ways to do it side by side, and other configurations, which can be picked where nothing else is open."""

from one_turn import FERN, MINT, OneTurn, drafts, tables, text

from agent.dialogue.state import Offer
from agent.dialogue.steps import Compare
from agent.turn.actions.compare import compare
from plugins.domain.request import InfrastructureRequest

NOTHING = InfrastructureRequest()
SMALLER = "smaller machines (E2ds_v6)"


def test_ways_are_told_in_words_and_priced_on_an_example(turn: OneTurn) -> None:
    outcome = compare(turn.context(), Compare(("vnet", "private_link"), NOTHING))
    words = text(outcome)
    assert words.startswith("**VNet injection**: the nodes run in a network of yours")
    assert words.endswith("The table prices an example both ways.")
    assert tables(outcome) == [
        (
            "Side by side",
            (
                ("vnet", "Standard_D4ds_v5", "1 to 2", "375.94 USD", "443.38 USD", ""),
                ("private link", "Standard_D4ds_v5", "1 to 2", "391.04 USD", "458.48 USD", "+15.10 USD"),
            ),
        )
    ]


def test_they_are_priced_on_the_workspace_that_is_named(turn: OneTurn) -> None:
    turn.deployed(MINT)
    outcome = compare(turn.context(), Compare(("vnet", "private_link"), NOTHING, "dbw-mint-dev"))
    ((_, rows),) = tables(outcome)
    assert rows[0] == ("vnet", "Standard_E4ds_v5", "single node", "232.20 USD", "232.20 USD", "")


def test_other_configurations_of_the_one_draft_can_be_picked(turn: OneTurn) -> None:
    outcome = compare(turn.context(drafts=drafts(MINT)), Compare((), MINT))
    assert text(outcome) == "These would do as well; pick one by its number, or keep what you have."
    ((title, rows),) = tables(outcome)
    assert (title, rows[0]) == (
        "Other configurations",
        (1, SMALLER, "Standard_E2ds_v6", "single node", "140.86 USD", "\N{MINUS SIGN}91.34 USD"),
    )
    assert outcome.conversation.offers[0] == Offer(
        label=SMALLER, changes=InfrastructureRequest(node_type="Standard_E2ds_v6")
    )
    assert len(outcome.conversation.offers) == len(rows)


def test_nothing_is_offered_while_something_is_asked_or_several_are_drafted(turn: OneTurn) -> None:
    asked = compare(turn.context(drafts=drafts(MINT), asked=("team",)), Compare((), MINT))
    several = compare(turn.context(drafts=drafts(MINT, FERN)), Compare((), MINT))
    assert [text(asked), text(several)] == ["These would do as well."] * 2
    assert (asked.conversation.offers, several.conversation.offers) == ((), ())
