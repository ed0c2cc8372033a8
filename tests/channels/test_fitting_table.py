"""A table in a narrow terminal: columns go before words break, and those that went are named."""

import io

from rich.console import Console

from agent.channels.cards.fitting_table import FittingTable

_LIST = FittingTable(
    "Workspaces",
    ("Workspace", "Status", "Environment", "Owner", "Region", "A month", "Expires", "Team"),
    (
        (
            "dbw-fraud-staging",
            "deployed",
            "staging",
            "zoe@contoso.com",
            "westeurope",
            "1,242.58 USD",
            "2026-12-21",
            "fraud",
        ),
    ),
)


def shown(width: int) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None, record=True)
    console.print(_LIST)
    return console.export_text()


def test_a_wide_terminal_shows_every_column() -> None:
    assert "zoe@contoso.com  westeurope  1,242.58 USD  2026-12-21  fraud" in shown(120)


def test_at_80_columns_what_is_looked_for_stays_whole_and_the_rest_is_named() -> None:
    text = shown(80)
    for whole in ("dbw-fraud-staging", "deployed", "1,242.58 USD", "2026-12-21"):
        assert whole in text
    assert "zoe@contoso.com" not in text
    assert "Too narrow for: Owner, Region" in text
    assert max(map(len, text.splitlines())) <= 80
