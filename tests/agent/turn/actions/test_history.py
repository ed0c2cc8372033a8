"""What befell a workspace, from the audit; digests are for machines."""

from one_turn import MINT, NOW, RITA, OneTurn, tables

from agent.store.audit import Entry, who_of
from agent.turn.actions.history import tell_history


def test_each_row_tells_when_who_and_what(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    by = who_of(RITA)
    turn.records.note(
        Entry(NOW, by, "approved the plan to create", "digest 0123456789ab", deployment_id="dep_stands"),
        Entry(NOW, by, "extended", "until 2026-12-24", deployment_id="dep_stands"),
        Entry(NOW, by, "extended", "until 2027-01-01", deployment_id="dep_other"),
    )
    assert tables(tell_history(turn.context(), mint)) == [
        (
            "History of dbw-mint-dev",
            (
                ("2026-11-24 09:00 UTC", "Rita", "approved the plan to create", ""),
                ("2026-11-24 09:00 UTC", "Rita", "extended", "until 2026-12-24"),
            ),
        )
    ]
