"""The filters that are asked are filters, and the double reads them as the list does: by case, whole."""

import pytest

from plugins.retail_prices.double.odata import BadFilter, filter_of
from plugins.retail_prices.queries import filters_of

ROW = {"serviceName": "Virtual Machines", "armRegionName": "eastus", "type": "Consumption", "armSkuName": "A'1"}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("serviceName eq 'Virtual Machines'", True),
        ("serviceName eq 'virtual machines'", False),
        ("armRegionName eq 'eastus' and priceType eq 'Consumption'", True),
        ("armRegionName eq 'eastus' and priceType eq 'Reservation'", False),
        ("(armRegionName eq 'x' or armRegionName eq 'eastus') and priceType eq 'Consumption'", True),
        ("armRegionName eq 'eastus' or armRegionName eq 'x' and priceType eq 'Reservation'", True),
        ("armSkuName eq 'A''1'", True),
    ],
)
def test_what_a_filter_means(text: str, matches: bool) -> None:  # noqa: FBT001 - a column
    assert filter_of(text)(ROW) is matches


@pytest.mark.parametrize(
    "text",
    [
        "",
        "serviceName",
        "serviceName eq",
        "serviceName eq Virtual",
        "type eq 'Consumption'",
        "(a eq 'b'",
        "retailPrice eq '1'",
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(BadFilter):
        filter_of(text)


def test_every_query_is_a_filter_that_keeps_its_address_short() -> None:
    sizes = tuple(f"Standard_NC{number}ads_A100_v4" for number in range(110))
    asked = tuple(filters_of("southafricanorth", sizes))
    assert len(asked) == 7
    for text in asked:
        filter_of(text)
        assert len(text) < 1900
