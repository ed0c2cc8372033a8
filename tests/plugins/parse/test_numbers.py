"""Number words and written amounts as figures."""

from decimal import Decimal

import pytest

from plugins.parse.numbers import amount, in_figures
from plugins.parse.spelling import spelled

WORDS = [
    ("nine hundred euros", "900 euros"),
    ("twelve hundred", "1200"),
    ("two thousand five hundred and ten", "2510"),
    ("a thousand", "1000"),
    ("one hundred and twenty", "120"),
    ("twenty-four nodes", "24 nodes"),
    ("anything from three to seven", "anything from 3 to 7"),
    ("one to four nodes", "1 to 4 nodes"),
    ("one week", "1 week"),
    ("a dozen", "12"),
    ("half a dozen nodes", "6 nodes"),
    ("a couple of weeks", "2 weeks"),
    ("a fortnight", "14 days"),
    ("half a year", "6 months"),
    ("one point five k", "1.5 k"),
    ("three point two k", "3.2 k"),
    ("two and a half grand", "2.5 grand"),
    ("half a grand", "0.5 grand"),
    ("drei knoten", "3 knoten"),
    ("no one knows", "no one knows"),
    ("the one in dev", "the one in dev"),
    ("hundred percent", "hundred percent"),
    ("someone to anyone", "someone to anyone"),
    ("tenfold", "tenfold"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "figures"), WORDS)
def test_number_words_become_figures(text: str, figures: str) -> None:
    assert in_figures(text) == figures


AMOUNTS = [
    ("1.200,50", "1200.50"),
    ("1,250.50", "1250.50"),
    ("1'800", "1800"),
    ("2 500", "2500"),
    ("2,50,000", "250000"),
    ("1.200", "1200"),
    ("1.5", "1.5"),
    ("0.500", "0.5"),
    ("900", "900"),
]


@pytest.mark.parametrize(("text", "value"), AMOUNTS)
def test_an_amount_is_read_whatever_its_separators(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)


def test_what_is_no_amount_is_none() -> None:
    assert amount("lots") is None


MENDED = [
    ("a databrciks workspace", "a databricks workspace"),
    ("worksapce for us", "workspace for us"),
    ("5 wrkrs", "5 workers"),
    ("the photo archive", "the photo archive"),
    ("team Stagin", "team Stagin"),
    ("ask the Regian people", "ask the Regian people"),
    ("regionx@example.com", "regionx@example.com"),
]


@pytest.mark.parametrize(("text", "mended"), MENDED)
def test_plain_typing_errors_are_mended_and_names_are_not(text: str, mended: str) -> None:
    assert spelled(text).text == mended


def test_what_was_mended_is_quoted_as_it_was_written() -> None:
    written = spelled("nine hundred for a databrciks worksapce, twenty nodes")
    assert written.text == "900 for a databricks workspace, 20 nodes"
    assert written.quote(0, len(written.text)) == "nine hundred for a databrciks worksapce, twenty nodes"
    assert written.quote(written.text.index("20"), len(written.text)) == "twenty nodes"
