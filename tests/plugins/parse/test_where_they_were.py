"""Where a team's work once ran is no place where it is wanted now."""

from datetime import date

import pytest

from plugins.domain.understanding import Context
from plugins.parse.orders import understand


@pytest.mark.parametrize(
    "text", ["we used to be on AWS. fang team, dev, ETL", "until May we were on AWS. fang team, dev, ETL"]
)
def test_where_they_once_were_is_no_other_cloud(text: str) -> None:
    assert understand(text, Context(today=date(2026, 12, 1))).act == "provision"


@pytest.mark.parametrize("text", ["fang team, dev, ETL, on AWS", "we want databricks on AWS"])
def test_where_they_want_it_to_be_is_one(text: str) -> None:
    assert understand(text, Context(today=date(2026, 12, 1))).act == "out_of_scope"
