"""Orders, questions and changes that are put in German."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse.orders import understand

_TODAY = date(2026, 12, 1)
_STANDING = Context(today=_TODAY, workspaces=("dbw-fang-dev",))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Bitte dbw-fang-dev um 10 Tage verlängern", 10),
        ("dbw-fang-dev bitte um zwei Wochen verlängern", 14),
        ("verlängere dbw-fang-dev um 10 Tage", 10),
        ("Kannst du dbw-fang-dev bitte noch 10 Tage länger laufen lassen?", 10),
    ],
)
def test_an_end_is_moved_by_its_name(text: str, days: int) -> None:
    understood = understand(text, _STANDING)
    [request] = understood.requests
    assert (understood.act, request.workspace_name, request.expires_in_days) == ("extend", "dbw-fang-dev", days)


@pytest.mark.parametrize(
    "text",
    [
        "soll ich dbw-fang-dev um 10 Tage verlängern?",
        "wenn nötig dbw-fang-dev um 10 Tage verlängern",
        "Petra sagt, dbw-fang-dev um 10 Tage verlängern",
        "dbw-fang-dev nicht um 10 Tage verlängern",
        "dbw-fang-dev läuft noch 10 Tage",
    ],
)
def test_no_end_is_moved_by_what_is_asked_denied_or_told(text: str) -> None:
    assert understand(text, _STANDING).act in ("unclear", "status")


@pytest.mark.parametrize("text", ["Was kannst du eigentlich alles?", "was machst du so?", "was kannst du?"])
def test_what_it_can_do_is_asked(text: str) -> None:
    assert understand(text, Context(today=_TODAY)).act == "help"


def test_a_verb_behind_a_team_is_no_part_of_its_name() -> None:
    [request] = understand(
        "das team saatgut bräuchte was zum rumprobieren, entwicklung", Context(today=_TODAY)
    ).requests
    assert request.team == "saatgut"


@pytest.mark.parametrize(
    "text", ["lass prod weg", "prod weglassen bitte", "streich prod", "prod brauchen wir doch nicht"]
)
def test_one_of_several_is_left_out(text: str) -> None:
    drafts = tuple(
        InfrastructureRequest(capability="databricks", team="fang", environment=environment)
        for environment in ("dev", "prod")
    )
    assert understand(text, Context(today=_TODAY, drafts=drafts, plan_pending=True)).remove == (1,)
