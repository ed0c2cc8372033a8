"""What clauses do to the words in them: deny, speak of another time or of others, take back, leave open."""

import pytest

from plugins.parse.clauses import Clauses, clauses_of
from plugins.parse.words import tokens_of


def clauses(text: str) -> Clauses:
    return clauses_of(text, tokens_of(text))


DENIED = [
    ("no gpu please", "gpu", True),
    ("without spot and photon", "photon", True),
    ("no gpu, spot or photon", "photon", True),
    ("we don't need a gpu", "gpu", True),
    ("kein gpu bitte", "gpu", True),
    ("anything but westeurope", "westeurope", True),
    ("leave the gpu out", "gpu", True),
    ("rather than prod", "prod", True),
    ("without gpu in uksouth", "uksouth", False),
    ("not prod but dev", "dev", False),
    ("we are not ready, dev please", "dev", False),
    ("no problem, gpu is fine", "gpu", False),
    ("no more than 4 nodes", "nodes", False),
    ("not sure; gpu maybe", "gpu", False),
    ("no gpu. spot is fine", "spot", False),
    ("from scratch in dev", "dev", False),
    ("gpu, not spot", "gpu", False),
    ("Excluded:\n- no gpu\n- no spot\n- no photon\n- no vnet\n- no trial\n- westeurope\n", "westeurope", True),
]


@pytest.mark.parametrize(("text", "word", "is_denied"), DENIED)
def test_a_denial_reaches_to_the_end_of_its_clause(text: str, word: str, *, is_denied: bool) -> None:
    assert clauses(text).is_denied(text.index(word)) is is_denied


ELSEWHERE = [
    ("last year we had gpu nodes, now dev", "gpu", True),
    ("last year we had gpu nodes, now dev", "dev", False),
    ("our other workspace is in uksouth. dev please", "uksouth", True),
    ("our other workspace is in uksouth. dev please", "dev", False),
    ("my boss is in Oslo", "Oslo", True),
    ("prod will come later, dev now", "prod", True),
    ("prod will come later, dev now", "dev", False),
    ("they have a staging workspace already", "staging", True),
    ("out of scope:\n- prod\n- gpu\n\ndev please", "prod", True),
    ("out of scope:\n- prod\n- gpu\n\ndev please", "dev", False),
    ("a dev workspace in uksouth", "uksouth", False),
]


@pytest.mark.parametrize(("text", "word", "is_elsewhere"), ELSEWHERE)
def test_a_clause_of_another_time_or_of_others_is_not_meant(text: str, word: str, *, is_elsewhere: bool) -> None:
    assert clauses(text).is_elsewhere(text.index(word)) is is_elsewhere


CORRECTED = [
    ("prod, no wait, dev", "prod", "dev", True),
    ("prod -> dev", "prod", "dev", True),
    ("prod? no, dev", "prod", "dev", True),
    ("4 nodes, scratch that, 8", "nodes", "8", True),
    ("prod. Actually dev", "prod", "dev", True),
    ("prod and dev", "prod", "dev", False),
    ("dev in uksouth", "dev", "uksouth", False),
]


@pytest.mark.parametrize(("text", "first", "second", "are_corrected"), CORRECTED)
def test_what_is_said_later_takes_back_only_after_a_word_for_it(
    text: str, first: str, second: str, *, are_corrected: bool
) -> None:
    end = text.index(first) + len(first)
    assert clauses(text).are_corrected(end, text.index(second, end)) is are_corrected


@pytest.mark.parametrize(
    ("text", "are_alternatives"),
    [
        ("dev or prod", True),
        ("dev / prod", True),
        ("dev oder prod", True),
        ("dev and prod", False),
        ("dev, prod", False),
    ],
)
def test_an_or_leaves_open(text: str, *, are_alternatives: bool) -> None:
    assert clauses(text).are_alternatives(text.index("dev") + 3, text.index("prod")) is are_alternatives


def test_a_figure_with_a_point_in_it_ends_no_sentence() -> None:
    text = "about 1.5 lakh. Then dev"
    assert clauses(text).same_sentence(0, text.index("lakh"))
    assert not clauses(text).same_sentence(0, text.index("dev"))


@pytest.mark.parametrize(("text", "is_denied"), [("italy is not wanted", True), ("italy is fine", False)])
def test_words_behind_may_deny(text: str, *, is_denied: bool) -> None:
    assert clauses(text).is_denied_after(len("italy")) is is_denied
