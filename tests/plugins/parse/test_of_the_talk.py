"""Questions of the talk itself: recognised in any state, and never where a workspace is asked for or changed."""

import re
from datetime import date

import pytest

from plugins.catalogue.glossary import term_named, terms
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

TODAY = date(2026, 11, 24)
DRAFT = InfrastructureRequest(capability="databricks", team="fern")
STATES = {
    "nothing open": Context(today=TODAY),
    "a question open": Context(today=TODAY, drafts=(DRAFT,), open_slots=("environment", "workload_type")),
    "a plan pending": Context(today=TODAY, drafts=(DRAFT,), plan_pending=True, workspaces=("dbw-fern-dev",)),
}
ASKED = (
    ("where were we?", "status", ("open",)),
    ("anything still open", "status", ("open",)),
    ("what happens if I say yes?", "explain", ("yes",)),
    ("is this real? will it cost me money?", "explain", ("real",)),
    ("how long does it take?", "explain", ("duration",)),
    ("where do these prices come from?", "explain", ("sources",)),
    ("show me the details", "status", ("details",)),
    ("who has to approve?", "explain", ("approvers",)),
    ("what is a driver?", "explain", ("term", "driver")),
    ("sorry, what does DBU mean?", "explain", ("term", "dbu")),
    ("can bob see it?", "explain", ("visible",)),
    ("can my colleague maria use it too", "explain", ("visible",)),
    ("whats different now", "explain", ("different",)),
    ("what is in it?", "explain", ("contents",)),
    ("what happens to my notebooks if i delete it", "explain", ("contents",)),
    ("nice!! how do i get in", "status", ("address",)),
    ("when does it die", "explain", ("end",)),
    ("did anything fail this week", "explain", ("failures",)),
    ("what's left of it?", "explain", ("failure",)),
    ("it feels slow, make it bigger", "compare", ("bigger",)),
    ("what regions are there?", "explain", ("places",)),
    ("and what is VNet-injection exactly?", "explain", ("term", "vnet injection")),
    ("what is ETL?", "explain", ("term", "etl")),
    ("Forgive me, what do you mean by environment?", "explain", ("term", "environment")),
    ("excuse me, what is an environment?", "explain", ("term", "environment")),
    ("pardon, what is a workload type?", "explain", ("term", "workload")),
)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("text", "act", "topic"), ASKED, ids=[text for text, *_ in ASKED])
def test_it_is_recognised_whatever_is_open(text: str, act: str, topic: tuple[str, ...], state: str) -> None:
    understood = understand(text, STATES[state])
    assert (understood.act, understood.topic, understood.requests) == (act, topic, ())


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("data engineering?", "answer"),
        ("make it 4 workers. how long does it take?", "amend"),
        ("what do we pay?", "cost"),
        ("dev please, thanks", "answer"),
        ("how much would it cost in uk south?", "cost"),
        ("can we use it in prod", "answer"),
        ("make it bigger: 4 workers", "amend"),
    ],
)
def test_an_answer_a_change_and_a_price_stay_what_they_are(text: str, act: str) -> None:
    assert understand(text, STATES["a question open"]).act == act


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("is it in Europe?", ("region",)),
        ("is it in Frankfurt?", ("region",)),
        ("is that staging?", ("environment",)),
        ("what is the environment?", ("environment",)),
        ("sorry, what's the environment?", ("environment",)),
        ("is it Standard_D8ds_v5?", ("node_type",)),
        ("is it behind a private link?", ("network",)),
    ],
)
def test_a_question_is_about_the_kind_of_what_it_names(text: str, topic: tuple[str, ...]) -> None:
    understood = understand(text, STATES["a plan pending"])
    assert (understood.act, understood.topic) == ("explain", topic)


@pytest.mark.parametrize("name", terms())
def test_a_term_is_two_sentences_with_a_page_to_read_on(name: str) -> None:
    term = terms()[name]
    assert len(re.findall(r"[.?!](?=\s|$)", term.text)) == 2
    assert term.see
    assert [other for other in (term.name, *term.also) if term_named(other) != term] == []


def test_the_glossary_knows_the_words_of_the_field() -> None:
    assert len(terms()) >= 40


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("when does dbw-fern-dev expire?", "status"),
        ("has anything gone wrong with dbw-fern-dev?", "status"),
        ("what changed on dbw-fern-dev?", "history"),
        ("what's the url of dbw-fern-dev", "status"),
    ],
)
def test_of_one_that_is_named_its_records_answer(text: str, act: str) -> None:
    understood = understand(text, STATES["a plan pending"])
    assert (understood.act, understood.requests[0].workspace_name) == (act, "dbw-fern-dev")


def test_what_is_in_one_that_is_named_is_told_of_that_one() -> None:
    understood = understand("what is in dbw-fern-dev?", STATES["a plan pending"])
    assert (understood.topic, understood.requests[0].workspace_name) == (("contents",), "dbw-fern-dev")
