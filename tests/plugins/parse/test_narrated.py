"""What is only told while a plan waits changes nothing of it; what is ordered beside it does."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

DRAFT = InfrastructureRequest(
    capability="databricks", team="sprocket", environment="staging", workload_type="streaming"
)


def read(text: str) -> Understanding:
    return understand(text, Context(today=date(2026, 12, 1), person="ana", drafts=(DRAFT,), plan_pending=True))


@pytest.mark.parametrize(
    "text",
    [
        "finance is looking at it rn, once they are done I'll tell you to go for it",
        "the Orchid team is looking at it now",
        "Marco says yes to that, I'm still waiting for Sabine though",
        "I'm waiting for the finance team",
        "waiting for an ok from west europe ops",
        "SAP went down in west europe this morning, 40 people on the call, fun times",
        "Tide Gauges is another team, they have had prod in north europe for ages",
        "our colleagues in texas have theirs in south central us with 9 nodes",
        "Mika's project skipped staging altogether, they went from dev to prod in a week",
        "our prod cluster had 12 workers last year",
        "we had GPUs in the old one",
        "Marketing uses spot",
        "Bob thinks two workers are enough",
        "somebody suggested westus, not sure",
        "hmm 4 workers seems a lot",
        "everyone here is excited about photon",
        "prod is next quarter's problem",
    ],
)
def test_what_is_told_changes_no_plan(text: str) -> None:
    assert (read(text).act, read(text).statements) == ("unclear", ())


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("we use photon everywhere, switch it on", {"photon": True}),
        ("the orchid team uses it, so change the team to orchid", {"team": "orchid"}),
        ("make it prod as my manager suggested", {"environment": "prod"}),
        ("make it dev while we are waiting for legal", {"environment": "dev"}),
        ("I was thinking 8 workers", {"min_workers": 8, "max_workers": 8}),
        ("we had a meeting and it should be prod", {"environment": "prod"}),
        ("the region is westus", {"region": "westus"}),
        ("it's for the orchid team", {"team": "orchid"}),
        ("prod", {"environment": "prod"}),
    ],
)
def test_what_is_ordered_beside_it_does(text: str, fields: dict[str, object]) -> None:
    understood = read(text)
    assert (understood.act, [one.stated() for one in understood.requests]) == ("amend", [fields])


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("is photon switched on in there?", "photon"),
        ("is photon on?", "photon"),
        ("is spot off in there", "spot"),
        ("hi, before I sign anything: which region is that?", "region"),
    ],
)
def test_whether_something_is_on_is_a_question(text: str, topic: str) -> None:
    assert (read(text).act, read(text).topic) == ("explain", (topic,))


@pytest.mark.parametrize("text", ["what does it cost a month, for finance?", "Sam would like to know what that costs"])
def test_who_wants_to_know_a_price_is_no_part_of_it(text: str) -> None:
    understood = read(text)
    assert (understood.act, [one.stated() for one in understood.requests]) == ("cost", [{}])


_TWO = Context(
    today=date(2026, 12, 1),
    drafts=tuple(
        InfrastructureRequest(capability="databricks", team=team, environment="dev", workload_type="data_engineering")
        for team in ("oak", "cut-flowers")
    ),
    plan_pending=True,
)


@pytest.mark.parametrize(
    "text",
    [
        "Yusuf thinks we should do only cut-flowers but he is on holiday and it is not his call",
        "Yusuf would rather drop cut-flowers",
        "Yusuf thinks cut-flowers needs 8 workers",
        "finance suggested 8 workers for cut-flowers",
    ],
)
def test_what_somebody_else_thinks_of_it_changes_nothing(text: str) -> None:
    understood = understand(text, _TWO)
    assert understood.act in ("unclear", "out_of_scope")
    assert (understood.remove, understood.statements) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "Yusuf thinks cut-flowers needs 8 workers, please do that",
        "Yusuf thinks cut-flowers needs 8 workers. make it so",
        "I think cut-flowers needs 8 workers",
    ],
)
def test_what_the_writer_makes_of_it_does(text: str) -> None:
    [statement] = understand(text, _TWO).statements
    assert (statement.target, statement.request.max_workers) == (1, 8)
